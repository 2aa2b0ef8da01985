import ts from 'typescript';
import type { Block } from './read-page.js';

/** A block of TypeScript as an independent module. */
export interface BlockFile {
  readonly text: string;
  /** The number of lines before the block. */
  readonly offset: number;
}

/** The line that the block replaces in the surrounding code. Without such a line, the block comes last. */
const PLACE = /^ *\/\/ …$/m;

/**
 * Creates a module from a block: adds the surrounding code, imports of undeclared names (unless it has imports itself),
 * exports of all declarations, and a free port.
 *
 * @param exported returns the import of a name
 */
export function blockFile(
  { code, around }: Block,
  exported: ReadonlyMap<string, string>,
): BlockFile {
  const source = around === undefined ? code : join(around, code);
  const isWhole = around === undefined && /^import /m.test(code);
  const names = namesOf(source);
  const imports = isWhole ? '' : importsFor(names, exported);
  const exports = names.declared.length > 0 ? `export { ${names.declared.join(', ')} };` : '';
  const text = `${imports}\n${source}\nexport {};\n${exports}\n`;
  const before = text.slice(0, text.indexOf(code));
  return {
    text: text.replace('.listen(3000)', '.listen(0)'),
    offset: before.split('\n').length - 1,
  };
}

function join(around: string, code: string): string {
  return PLACE.test(around) ? around.replace(PLACE, () => code) : `${around}\n${code}`;
}

interface Names {
  /** Values that are declared at the top level but not exported. */
  readonly declared: readonly string[];
  /** All names that are declared at the top level or imported. */
  readonly known: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
}

function namesOf(source: string): Names {
  const file = ts.createSourceFile('block.ts', source, ts.ScriptTarget.Latest);
  const declared: string[] = [];
  const known = new Set<string>();
  const used = new Set<string>();
  const declare = (name: ts.Node | undefined, statement: ts.Statement, isValue: boolean) => {
    if (name && ts.isIdentifier(name)) {
      known.add(name.text);
      const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
      if (isValue && !modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) {
        declared.push(name.text);
      }
    }
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      statement.declarationList.declarations.forEach(({ name }) => declare(name, statement, true));
    } else if (ts.isClassDeclaration(statement) || ts.isFunctionDeclaration(statement)) {
      declare(statement.name, statement, true);
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      declare(statement.name, statement, false);
    } else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      declare(name, statement, false);
      if (namedBindings && ts.isNamedImports(namedBindings)) {
        namedBindings.elements.forEach((element) => declare(element.name, statement, false));
      }
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      used.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { declared, known, used };
}

function importsFor({ known, used }: Names, exported: ReadonlyMap<string, string>): string {
  return [...used]
    .filter((name) => exported.has(name) && !known.has(name))
    .map((name) => exported.get(name))
    .join(' ');
}
