/** A DTO without decorators, as swagger's CLI plugin expects it. */
export class PluginPuppy {
  id!: number;
  name!: string;
}
