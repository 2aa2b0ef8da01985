import { join } from 'node:path';
import ts from 'typescript';

/** A file that does not compile: its path, the line (from 0) and what the compiler says. */
export interface TypeCheckError {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Checks these files by the options of the repository, in one program, and gives what is wrong with them. */
export function typeCheck(root: string, files: readonly string[]): TypeCheckError[] {
  const path = join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (name) => ts.sys.readFile(name)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [] }, ts.sys, root);
  // The file that the options are of is what makes the package's own name lead to its sources.
  const program = ts.createProgram(files, { ...options, noEmit: true, configFilePath: path });
  return files
    .flatMap((file) => {
      const source = program.getSourceFile(file);
      return [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ];
    })
    .map(({ file, start = 0, messageText }) => ({
      file: file?.fileName ?? path,
      line: file?.getLineAndCharacterOfPosition(start).line ?? 0,
      message: ts.flattenDiagnosticMessageText(messageText, '\n'),
    }));
}
