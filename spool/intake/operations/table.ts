/** Every operation that a queue answers. */
import type { Attributes } from '../../../ipp/model.ts';
import { Operation } from '../../../ipp/vocabulary/operations.ts';
import type { Answer, Call } from '../call.ts';
import { cancelJob, cancelMyJobs } from './cancel-job.ts';
import { holdJob, releaseJob, setJobAttributes } from './change-hold.ts';
import { closeJob } from './close-job.ts';
import { createJob } from './create-job.ts';
import {
  cancelCurrentJob,
  promoteJob,
  resumeJob,
  scheduleJobAfter,
  suspendCurrentJob,
} from './current-job.ts';
import {
  cancelDocument,
  getDocumentAttributes,
  getDocuments,
  setDocumentAttributes,
  validateDocument,
} from './documents.ts';
import { getJobAttributes } from './get-job-attributes.ts';
import { getJobs } from './get-jobs.ts';
import { getNotifications } from './get-notifications.ts';
import { getPrinterAttributes } from './get-printer-attributes.ts';
import { identifyPrinter } from './identify-printer.ts';
import { printJob } from './print-job.ts';
import { cancelJobs, purgeJobs } from './purge-jobs.ts';
import {
  disablePrinter,
  enablePrinter,
  holdNewJobs,
  pausePrinter,
  releaseHeldNewJobs,
  resumePrinter,
  shutdownPrinter,
  startupPrinter,
} from './queue-control.ts';
import { restartJob } from './restart-job.ts';
import { sendDocument } from './send-document.ts';
import { getPrinterSupportedValues, setPrinterAttributes } from './set-printer-attributes.ts';
import {
  cancelSubscription,
  createJobSubscriptions,
  createPrinterSubscriptions,
  getSubscriptionAttributes,
  getSubscriptions,
  renewSubscription,
} from './subscriptions.ts';
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
  [Operation.restartJob, restartJob],
  [Operation.reprocessJob, restartJob],
  [Operation.resubmitJob, restartJob],
  [Operation.cancelCurrentJob, cancelCurrentJob],
  [Operation.suspendCurrentJob, suspendCurrentJob],
  [Operation.resumeJob, resumeJob],
  [Operation.promoteJob, promoteJob],
  [Operation.scheduleJobAfter, scheduleJobAfter],
  [Operation.cancelJobs, cancelJobs],
  [Operation.purgeJobs, purgeJobs],
  [Operation.getDocuments, getDocuments],
  [Operation.getDocumentAttributes, getDocumentAttributes],
  [Operation.setDocumentAttributes, setDocumentAttributes],
  [Operation.cancelDocument, cancelDocument],
  [Operation.validateDocument, validateDocument],
  [Operation.pausePrinter, pausePrinter],
  [Operation.pausePrinterAfterCurrentJob, pausePrinter],
  [Operation.resumePrinter, resumePrinter],
  [Operation.enablePrinter, enablePrinter],
  [Operation.disablePrinter, disablePrinter],
  [Operation.holdNewJobs, holdNewJobs],
  [Operation.releaseHeldNewJobs, releaseHeldNewJobs],
  [Operation.shutdownPrinter, shutdownPrinter],
  [Operation.startupPrinter, startupPrinter],
  [Operation.restartPrinter, startupPrinter],
  [Operation.setPrinterAttributes, setPrinterAttributes],
  [Operation.getPrinterSupportedValues, getPrinterSupportedValues],
  [Operation.identifyPrinter, identifyPrinter],
  [Operation.createPrinterSubscriptions, createPrinterSubscriptions],
  [Operation.createJobSubscriptions, createJobSubscriptions],
  [Operation.getSubscriptionAttributes, getSubscriptionAttributes],
  [Operation.getSubscriptions, getSubscriptions],
  [Operation.renewSubscription, renewSubscription],
  [Operation.cancelSubscription, cancelSubscription],
  [Operation.getNotifications, getNotifications],
]);
