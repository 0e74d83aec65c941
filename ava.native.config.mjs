// Tests of what loads native add-ons: a process for each file, as serialport's add-on crashes outside of the main thread.
export default {
  files: ['test/**/*.native.test.ts'],
  extensions: ['ts'],
  timeout: '120s',
  workerThreads: false,
};
