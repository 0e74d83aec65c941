/** Loads everything once, so that Node keeps what it made of it (see launcher.mjs). Nothing is started. */
import '../base/database/worker.ts';
import '../drivers/discovery/worker.ts';
import './commands/ask.ts';
import './commands/config-check.ts';
import './demo/demo.ts';
import './main.ts';
import './serve.ts';
