// AVA runs the TypeScript tests as they are; Node strips the types. Those of native add-ons have a run of their own.
export default {
  files: ['test/**/*.test.ts', '!test/**/*.native.test.ts'],
  extensions: ['ts'],
  timeout: '120s',
};
