/** What a change of people tells those who hold something of theirs. */
import type { PersonId } from '../person.ts';

/** People who are not what they were. New people are in neither list: nobody holds anything of theirs yet. */
export interface PeopleChanged {
  readonly updated: readonly PersonId[];
  /** Their sessions must end. */
  readonly removed: readonly PersonId[];
  /** Among the updated: those who may sign in no more. Their sessions must end too. */
  readonly disabled: readonly PersonId[];
}
