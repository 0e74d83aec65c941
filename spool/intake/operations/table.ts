/** Every operation that a queue answers. */
import type { Attributes } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import type { Answer, Call } from '../call.ts';
import { cancelJob, cancelMyJobs } from './cancel-job.ts';
import { holdJob, releaseJob, setJobAttributes } from './change-hold.ts';
import { closeJob } from './close-job.ts';
import { createJob } from './create-job.ts';
import { getJobAttributes } from './get-job-attributes.ts';
import { getJobs } from './get-jobs.ts';
import { getPrinterAttributes } from './get-printer-attributes.ts';
import { printJob } from './print-job.ts';
import { sendDocument } from './send-document.ts';
import { validateJob } from './validate-job.ts';

/** @param printer the queue's attributes at this moment. @throws Refusal */
export type Handler = (call: Call, printer: Attributes) => Answer | Promise<Answer>;

export const HANDLERS: ReadonlyMap<number, Handler> = new Map<number, Handler>([
  [Operation.printJob, printJob],
  [Operation.validateJob, validateJob],
  [Operation.createJob, createJob],
  [Operation.sendDocument, sendDocument],
  [Operation.cancelJob, cancelJob],
  [Operation.getJobAttributes, getJobAttributes],
  [Operation.getJobs, getJobs],
  [Operation.getPrinterAttributes, getPrinterAttributes],
  [Operation.holdJob, holdJob],
  [Operation.releaseJob, releaseJob],
  [Operation.setJobAttributes, setJobAttributes],
  [Operation.cancelMyJobs, cancelMyJobs],
  [Operation.closeJob, closeJob],
]);
