declare module 'nunjucks' {
  export class Environment {
    addGlobal(name: string, value: unknown): void
  }
  export class Template {
    constructor(source: string, environment: Environment)
    render(context: object): string
  }
  const nunjucks: { readonly Environment: typeof Environment; readonly Template: typeof Template }
  export default nunjucks
}
