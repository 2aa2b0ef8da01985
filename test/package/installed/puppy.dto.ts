/** A DTO without decorators, for swagger's CLI plugin. */
export class PluginPuppy {
  id!: number;
  name!: string;
}
