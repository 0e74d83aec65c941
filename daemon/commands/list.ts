/** Every command that the running gateway carries out. */

import { cardsFind } from './cards-find.ts';
import { certificateExport } from './certificate-export.ts';
import { certificateShow } from './certificate-show.ts';
import { codesApply, codesGenerate } from './codes-generate.ts';
import { codesLengths } from './codes-lengths.ts';
import { codesMails, codesResend } from './codes-mails.ts';
import { codesExpire, codesReplace, codesRevoke } from './codes-one.ts';
import type { AnyCommand } from './command.ts';
import { connectDnsZone } from './connect-dns-zone.ts';
import { connectProfile } from './connect-profile.ts';
import { connectShow } from './connect-show.ts';
import { delegationsAdd, delegationsList, delegationsRemove } from './delegations.ts';
import { healthShow } from './health-show.ts';
import { jobsCancel } from './jobs-cancel.ts';
import { jobsList } from './jobs-list.ts';
import { keysOwed } from './keys-owed.ts';
import { keysRekey } from './keys-rekey.ts';
import { keysRotate } from './keys-rotate.ts';
import { mailTest } from './mail-test.ts';
import { panelsAccept } from './panels-accept.ts';
import { panelsApprove } from './panels-approve.ts';
import { panelsList } from './panels-list.ts';
import { panelsRename } from './panels-rename.ts';
import { panelsRevoke } from './panels-revoke.ts';
import { panelsSecretPath } from './panels-secret-path.ts';
import { panelsShow } from './panels-show.ts';
import { peopleAdd } from './people-add.ts';
import { peopleAddCard, peopleRevokeCards, peopleSetPin } from './people-credentials.ts';
import { peopleExport } from './people-export.ts';
import { peopleImport } from './people-import.ts';
import { peopleList } from './people-list.ts';
import { peopleRemove } from './people-remove.ts';
import { peopleSet } from './people-set.ts';
import { peopleSetPassword } from './people-set-password.ts';
import { peopleShow } from './people-show.ts';
import { printersDiscover } from './printers-discover.ts';
import { printersHistory } from './printers-history.ts';
import { printersIdentify } from './printers-identify.ts';
import { printersImport } from './printers-import.ts';
import { printersList } from './printers-list.ts';
import { printersPin } from './printers-pin.ts';
import { printersRepin } from './printers-repin.ts';
import { printersStatus } from './printers-status.ts';
import { printersUnpin } from './printers-unpin.ts';
import { queuesControl } from './queues-control.ts';
import { queuesList } from './queues-list.ts';
import { readersList } from './readers-list.ts';
import { readersTest } from './readers-test.ts';
import { syncAccept } from './sync-accept.ts';
import { syncForget } from './sync-forget.ts';
import { syncRun } from './sync-run.ts';
import { syncShow } from './sync-show.ts';
import { syncStatus } from './sync-status.ts';
import { tokensCreate } from './tokens-create.ts';
import { tokensList } from './tokens-list.ts';
import { tokensRevoke } from './tokens-revoke.ts';

export const COMMANDS: readonly AnyCommand[] = [
  cardsFind,
  certificateExport,
  certificateShow,
  codesApply,
  codesExpire,
  codesGenerate,
  codesLengths,
  codesMails,
  codesReplace,
  codesResend,
  codesRevoke,
  connectDnsZone,
  connectProfile,
  connectShow,
  delegationsAdd,
  delegationsList,
  delegationsRemove,
  healthShow,
  jobsCancel,
  jobsList,
  keysOwed,
  keysRekey,
  keysRotate,
  mailTest,
  panelsAccept,
  panelsApprove,
  panelsList,
  panelsRename,
  panelsRevoke,
  panelsSecretPath,
  panelsShow,
  peopleAdd,
  peopleAddCard,
  peopleExport,
  peopleImport,
  peopleList,
  peopleRemove,
  peopleRevokeCards,
  peopleSet,
  peopleSetPassword,
  peopleSetPin,
  peopleShow,
  printersDiscover,
  printersHistory,
  printersIdentify,
  printersImport,
  printersList,
  printersPin,
  printersRepin,
  printersStatus,
  printersUnpin,
  ...queuesControl,
  queuesList,
  readersList,
  readersTest,
  syncAccept,
  syncForget,
  syncRun,
  syncShow,
  syncStatus,
  tokensCreate,
  tokensList,
  tokensRevoke,
];
