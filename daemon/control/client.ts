/** Asks the running gateway over its control socket. */
import { connect, type Socket } from 'node:net';
import { Failure, systemCode } from '../../base/errors.ts';
import {
  type ControlAnswer,
  LineReader,
  LONGEST_ANSWER_LINE,
  type Progress,
  UPLOAD_CHUNK,
} from './protocol.ts';

export interface Question {
  readonly command: string;
  readonly arguments: unknown;
  /** A file that the command needs. */
  readonly upload?: Uint8Array;
  onProgress(progress: Progress): void;
  /** Text of a file that is the answer. */
  onPart?(text: string): void;
}

/**
 * Runs one command and resolves to its result.
 * @throws Failure what the gateway says, or `not-running`, `not-allowed`, `connection-lost`
 */
export function askGateway(path: string, question: Question): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const socket = connect(path);
  const reader = new LineReader(LONGEST_ANSWER_LINE);
  socket.once('error', (error) => reject(connectFailure(path, error)));
  socket.once('close', () => {
    reject(new Failure('connection-lost', 'the gateway ended the connection without an answer'));
  });
  socket.once('connect', () => send(socket, question));
  socket.on('data', (chunk) => {
    for (const line of reader.push(chunk)) {
      const answer = JSON.parse(line) as ControlAnswer;
      if ('progress' in answer) question.onProgress(answer.progress);
      else if ('part' in answer) question.onPart?.(answer.part);
      else if ('result' in answer) resolve(answer.result);
      else {
        const { code, message, advice } = answer.error;
        reject(new Failure(code, message, advice === undefined ? {} : { advice }));
      }
    }
  });
  return promise.finally(() => socket.destroy());
}

function send(socket: Socket, { command, arguments: args, upload }: Question): void {
  const line = (value: object) => socket.write(`${JSON.stringify(value)}\n`);
  line({ command, arguments: args, upload: upload !== undefined });
  if (upload === undefined) return;
  for (let at = 0; at < upload.length; at += UPLOAD_CHUNK) {
    line({ chunk: Buffer.from(upload.subarray(at, at + UPLOAD_CHUNK)).toString('base64') });
  }
  line({ chunk: '' });
}

function connectFailure(path: string, cause: Error): Failure {
  switch (systemCode(cause)) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return new Failure('not-running', `no gateway answers at ${path}`, {
        advice: 'Start it, or name its control socket with --socket PATH or HOLDFAST_SOCKET',
        cause,
      });
    case 'EACCES':
    case 'EPERM':
      return new Failure('not-allowed', `you may not use ${path}`, {
        advice: 'Join the group that the socket belongs to, or become root',
        cause,
      });
    default:
      return new Failure('connection-lost', `cannot talk to the gateway at ${path}: ${cause.message}`, {
        cause,
      });
  }
}
