/** Times of the driver's own. */
import { Seconds } from '../../../base/units.ts';

/** For clean-up at a printer that may just have gone away. */
export const CLEAN_UP = { connect: Seconds(3), response: Seconds(3) };
