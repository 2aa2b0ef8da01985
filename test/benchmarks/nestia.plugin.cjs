const { transform } = require('@nestia/core/lib/transform');

/**
 * Compiles the decorators of `@nestia/core` while Nest's CLI builds, so that no patched compiler is needed.
 * `nest-cli.json` names this file from the folder `node_modules`, where the CLI looks for plugins.
 */
exports.before = (options, program) =>
  transform(program, options, {
    addDiagnostic({ messageText }) {
      throw new Error(`@nestia/core: ${JSON.stringify(messageText)}`);
    },
  });
