export type { TemplateHelper } from './locate-helper.js';
export { TemplateEngine, type TemplateEngineOptions } from './template-engine.js';
export { TemplateNotFoundError } from './template-not-found.error.js';
export { TemplateRenderError } from './template-render.error.js';
export type { TemplatePosition, TemplateSource } from './template-source.js';
export { TemplateSyntaxError } from './template-syntax.error.js';
