/** The `holdfast` command line. */
import { Command } from 'commander';
import { Failure } from '../base/errors.ts';
import type { AnyCommand } from './commands/command.ts';
import { COMMANDS } from './commands/list.ts';
import { VERSION } from './version.ts';

const DEFAULT_SOCKET = '/run/holdfast/control.sock';

/** Runs what was typed; sets the exit code. */
export async function main(): Promise<void> {
  // What the gateway writes is nobody else's to read; SQLite makes its files by the umask.
  process.umask(0o077);
  const program = new Command('holdfast')
    .description('Pull-printing gateway: print to one queue, release at any printer')
    .version(VERSION)
    .showHelpAfterError('(add --help for help)');
  addServe(program);
  addDemo(program);
  addTerminal(program);
  addConfigCheck(program);
  addCardsSolve(program);
  for (const command of COMMANDS) addGatewayCommand(program, command);
  try {
    await program.parseAsync();
  } catch (error) {
    process.stderr.write(`holdfast: ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

function addServe(program: Command): void {
  program
    .command('serve')
    .description('Run the gateway')
    .requiredOption('--config <file>', 'the configuration, see docs/configuration.md')
    .action(async ({ config }: { config: string }) => (await import('./serve.ts')).serve(config));
}

function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Run a gateway that needs no hardware and no configuration, for this machine only')
    .option('--state-directory <dir>', 'where it keeps everything', 'holdfast-demo')
    .option('--ipp-port <port>', 'where to print to', '8631')
    .option('--web-port <port>', 'where the panel page is', '8632')
    .action(async (options) => (await import('./demo/demo.ts')).demo(options));
}

function addTerminal(program: Command): void {
  program
    .command('terminal')
    .description(
      'Run a panel of a gateway elsewhere: a keypad with two lines, or the readers beside a printer',
    )
    .requiredOption('--gateway <url>', "the gateway's web port, such as https://print.example.org:8632")
    .option('--printer-panel', 'swipes open the session on the page that the printer itself shows')
    .option('--ca <file>', "PEM of the authority that the gateway's certificate is checked against")
    .option('--identity <file>', 'where its key is kept (~/.config/holdfast/terminal.json)')
    .option('--reader <kind@device...>', 'a card reader that is plugged in, such as twn4@usb:1-1.4')
    .option('--reader-name <name>', 'the name under readers: of the gateway whose conversion they need')
    .action(async (options) => (await import('./terminal/terminal.ts')).terminal(options));
}

function addConfigCheck(program: Command): void {
  noun(program, 'config')
    .command('check')
    .description('Check a configuration without running it')
    .argument('<file>', 'the YAML file')
    .option('--json', 'answer as JSON')
    .action(async (file: string, options: { json?: true }) => {
      const { checkConfig } = await import('./commands/config-check.ts');
      process.exitCode = await checkConfig(file, options.json === true);
    });
}

function addCardsSolve(program: Command): void {
  const made = noun(program, 'cards')
    .command('solve')
    .description('Find how the numbers of the directory come out of what a reader gives')
    .argument('<file>', 'CSV with the columns READ,WRITTEN; - for standard input; see docs/people.md');
  withGateway(made).action(async (file: string) => {
    const { solveCards } = await import('./commands/cards-solve.ts');
    process.exitCode = await solveCards(file, socketOf(made), made.opts()['json'] === true);
  });
}

/** The options of whatever asks a running gateway. */
function withGateway(made: Command): Command {
  return made
    .option('--json', 'answer as JSON')
    .option('--socket <path>', `the gateway's control socket (or HOLDFAST_SOCKET; ${DEFAULT_SOCKET})`);
}

const socketOf = (made: Command): string =>
  String(made.opts()['socket'] ?? process.env['HOLDFAST_SOCKET'] ?? DEFAULT_SOCKET);

function addGatewayCommand(program: Command, command: AnyCommand): void {
  const [first = '', verb = ''] = command.name.split(' ');
  const made = noun(program, first).command(verb).description(command.summary);
  for (const [syntax, meaning] of command.words ?? []) made.argument(syntax, meaning);
  for (const [flags, meaning] of command.options ?? []) made.option(flags, meaning);
  withGateway(made).action(async () => {
    const { json, socket, ...options } = made.opts();
    const path = socketOf(made);
    const { askAndShow } = await import('./commands/ask.ts');
    process.exitCode = await askAndShow(command, { words: made.args, options }, path, json === true);
  });
}

function noun(program: Command, name: string): Command {
  return (
    program.commands.find((each) => each.name() === name) ??
    program.command(name).description(`Commands for ${name}`)
  );
}

function explain(error: unknown): string {
  if (error instanceof Failure) return error.explanation;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
