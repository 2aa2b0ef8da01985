import { Converter, OptionDefaults } from 'typedoc';

/** Names a parameter that is taken apart where it is declared, which TypeDoc calls `__namedParameters`. */
function nameParameters({ converter }) {
  converter.on(Converter.EVENT_RESOLVE, (_, reflection) => {
    if (reflection.name === '__namedParameters') {
      reflection.name = 'options';
    }
  });
}

/** The API reference: `npm run docs:api`. */
export default {
  name: 'nestjs-responses',
  plugin: [nameParameters],
  entryPoints: ['src/index.ts', 'src/channels/redis/index.ts', 'src/testing/index.ts'],
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
    'DeclaredData',
    'DeclaredEvent',
    'DeclaredSerializer',
    'DeclaredType',
    'DeclaredValue',
    'Exchange',
    'Head',
    'ItemDeclaration',
    'Negotiable',
    'OpenBody',
    'SelfContainedSchema',
    'PublicError',
    'SchemaData',
    'StandardSchema',
    'TextResponse',
  ],
  // Made by Nest's `ConfigurableModuleBuilder`, and a parameter that TypeScript finds by itself.
  intentionallyNotDocumented: [
    'nestjs-responses.EventChannelsModule.forRootAsync',
    'nestjs-responses.ResponsesModule.forRootAsync',
    'nestjs-responses.HandlerDecorator.__type.THandler',
    // Members of the Media Type Object of OpenAPI.
    'nestjs-responses.ItemsDescription.media.__type.itemSchema',
    'nestjs-responses.ItemsDescription.media.__type.schema',
  ],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
};
