"""The sheet of the page: light and dark, as the reader's device says."""

STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1e1e1e; --quiet: #595959; --line: #ddd; --good: #18753c; --bad: #b30000; --warn: #8a4600; --link: #1b4f8f; }
@media (prefers-color-scheme: dark) { :root { --paper: #161616; --ink: #f0f0f0; --quiet: #b0b0b0; --line: #3a3a3a; --good: #6fe3a1; --bad: #ff9c9c; --warn: #ffbe7a; --link: #9dc1ff; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.6 "Marianne", system-ui, sans-serif; }
main, header, footer { max-width: 48rem; margin: 0 auto; padding: 1rem; }
header { border-bottom: 1px solid var(--line); } header p { margin: 0; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
a { color: var(--link); } a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
.state { border-left: 0.4rem solid; padding: 0.75rem 1rem; font-size: 1.15rem; font-weight: 700; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.quiet, footer { color: var(--quiet); font-size: 0.9rem; }
article { border-top: 1px solid var(--line); padding: 1rem 0; overflow-wrap: anywhere; } article p, article ul { margin: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 0.4rem 0.5rem 0.4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { font-weight: 700; } @media (max-width: 30rem) { table { font-size: 0.9rem; } } caption { text-align: left; color: var(--quiet); font-size: 0.9rem; padding-bottom: 0.5rem; }
"""
