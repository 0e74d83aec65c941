/** Runs a command in the gateway for whoever asked over the control socket. */
import { Failure } from '../../base/errors.ts';
import type { CommandCall } from '../control/connection.ts';
import type { Gateway } from '../gateway.ts';
import { COMMANDS } from './list.ts';

/** @throws Failure what the command says, `unknown-command`, `bad-arguments` */
export async function runCommand(gateway: Gateway, call: CommandCall): Promise<unknown> {
  const command = COMMANDS.find((each) => each.name === call.command);
  if (command === undefined) {
    throw new Failure('unknown-command', `this gateway knows no command "${call.command}"`, {
      advice: 'It may be of another version than the command; compare "holdfast --version" on both sides',
    });
  }
  const parsed = command.arguments.safeParse(call.arguments);
  if (!parsed.success)
    throw new Failure('bad-arguments', `"${call.command}" was asked in a way it does not know`);
  const { upload, onProgress, onPart } = call;
  return command.handle({ gateway, arguments: parsed.data, upload, onProgress, onPart });
}
