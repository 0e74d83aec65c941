/** The typed side of a command: asks the gateway, shows what it says. */
import { askGateway } from '../control/client.ts';
import type { Progress } from '../control/protocol.ts';
import type { AnyCommand, Typed } from './command.ts';

/** @returns the exit code. @throws Failure */
export async function askAndShow(
  command: AnyCommand,
  typed: Typed,
  socket: string,
  json: boolean,
): Promise<number> {
  const { arguments: args, upload } = await command.request(typed);
  const parts: string[] = [];
  const line = new ProgressLine();
  const result = await askGateway(socket, {
    command: command.name,
    arguments: args,
    ...(upload === undefined ? {} : { upload }),
    onProgress: (progress) => line.show(progress),
    onPart: (part) => parts.push(part),
  });
  line.clear();
  const saved = await command.save?.(result, typed.words, parts);
  process.stdout.write(`${json ? JSON.stringify(result) : (saved ?? command.show(result))}\n`);
  return command.exitCode?.(result) ?? 0;
}

/** On one line of a terminal; in a file or a pipe nobody wants it. */
class ProgressLine {
  #shown = false;

  show({ done, of }: Progress): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r${done}${of === undefined ? '' : ` of ${of}`}\x1b[K`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
  }
}
