// AVA runs the TypeScript tests as they are; Node strips the types.
export default {
  files: ['test/**/*.test.ts'],
  extensions: ['ts'],
  timeout: '120s',
};
