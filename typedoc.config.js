import { OptionDefaults } from 'typedoc';

/** The API reference: `npm run docs:api`. */
export default {
  name: 'nestjs-responses',
  entryPoints: ['src/index.ts', 'src/channels/redis/index.ts'],
  tsconfig: 'tsconfig.build.json',
  out: 'dist/api',
  // Its links lead to folders of the repository.
  readme: 'none',
  // Marks what is exported, for who reads the source.
  modifierTags: [...OptionDefaults.modifierTags, '@publicApi'],
  excludeTags: ['@publicApi'],
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  // What our own code passes to a response, and types that a declaration computes.
  intentionallyNotExported: [
    'DeclaredEvent',
    'DeclaredSerializer',
    'DeclaredType',
    'DeclaredValue',
    'Exchange',
    'Head',
    'OpenBody',
    'SelfContainedSchema',
    'StandardSchema',
  ],
  // Made by Nest's `ConfigurableModuleBuilder`, and a parameter that TypeScript finds by itself.
  intentionallyNotDocumented: [
    'index.EventChannelsModule.forRootAsync',
    'index.ResponsesModule.forRootAsync',
    'index.HandlerDecorator.__type.THandler',
  ],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
};
