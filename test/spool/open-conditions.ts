/** The conditions of queues, kept in memory. */
import { QueueConditions } from '../../spool/queue-conditions.ts';

type Row = Parameters<Parameters<typeof QueueConditions.open>[0]['keep']>[0];

/** @param rows what is kept; a second call with the same map sees what the first one left. */
export function openConditions(rows = new Map<string, Row>()): Promise<QueueConditions> {
  return QueueConditions.open({
    keep: async (row) => {
      rows.set(row.queue, row);
    },
    list: async () => [...rows.values()],
  });
}
