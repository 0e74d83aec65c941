/** Every command that the running gateway carries out. */
import type { AnyCommand } from './command.ts';
import { healthShow } from './health-show.ts';
import { jobsCancel } from './jobs-cancel.ts';
import { jobsList } from './jobs-list.ts';
import { peopleImport } from './people-import.ts';
import { peopleList } from './people-list.ts';

export const COMMANDS: readonly AnyCommand[] = [healthShow, jobsCancel, jobsList, peopleImport, peopleList];
