import { Converter, OptionDefaults } from 'typedoc';

/** Names a destructured parameter, which TypeDoc calls `__namedParameters`. */
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
  // It links to folders of the repository.
  readme: 'none',
  // Marks exports for readers of the source.
  modifierTags: [...OptionDefaults.modifierTags, '@publicApi'],
  excludeTags: ['@publicApi'],
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  // Types that our code passes to a response, and types that a declaration computes.
  intentionallyNotExported: [
    'DeclaredData',
    'DeclaredEvent',
    'DeclaredHandlerDecorator',
    'DeclaredSerializer',
    'DeclaredType',
    'DeclaredValue',
    'Exchange',
    'Head',
    'ItemDeclaration',
    'Negotiable',
    'OpenBody',
    'PartDecorator',
    'SelfContainedSchema',
    'PublicError',
    'SchemaData',
    'StandardSchema',
    'StreamHandlerDecorator',
    'TextResponse',
  ],
  // Created by Nest's `ConfigurableModuleBuilder`, and a type parameter that TypeScript infers.
  intentionallyNotDocumented: [
    'nestjs-responses.EventChannelsModule.forRootAsync',
    'nestjs-responses.ResponsesModule.forRootAsync',
    'nestjs-responses.HandlerDecorator.__type.THandler',
    // Members of the OpenAPI Media Type Object.
    'nestjs-responses.ItemsDescription.media.__type.itemSchema',
    'nestjs-responses.ItemsDescription.media.__type.schema',
  ],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
};
