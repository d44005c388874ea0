/** What a shell may offer. */
export interface CompletionWords {
  readonly commands: readonly { readonly name: string; readonly description: string; readonly options: readonly string[] }[];
  /** Keys of the config, after --set and explain. */
  readonly keys: readonly string[];
}

/** A completion script for each shell that is known. */
export const completionScripts: Readonly<Record<"bash" | "zsh" | "fish", (words: CompletionWords) => string>> = { bash, zsh, fish };

function bash({ commands, keys }: CompletionWords): string {
  const cases = commands.map(({ name, options }) => `    ${name}) options="${options.join(" ")}" ;;`);
  return `# parakkt completion for bash: source <(parakkt completion bash)
_parakkt() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" options=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current") )
    return
  fi
  if [ "$previous" = "--set" ] || [ "$previous" = "explain" ]; then
    COMPREPLY=( $(compgen -W "${keys.join(" ")}" -- "$current") )
    [ "$previous" = "--set" ] && compopt -o nospace 2>/dev/null
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=( $(compgen -W "$options" -- "$current") ) ;;
    *) COMPREPLY=( $(compgen -f -- "$current") ) ;;
  esac
}
complete -o filenames -F _parakkt parakkt
`;
}

function zsh({ commands, keys }: CompletionWords): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options }) => `      ${name}) compadd -- ${options.join(" ")} ;;`);
  return `#compdef parakkt
# parakkt completion for zsh: source <(parakkt completion zsh)
_parakkt() {
  local -a commands keys
  commands=(
${described.join("\n")}
  )
  keys=(${keys.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
  elif [[ $words[CURRENT-1] == --set ]]; then
    compadd -S = -- $keys
  elif [[ $words[2] == explain ]]; then
    compadd -- $keys
  elif [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${cases.join("\n")}
    esac
  else
    _files
  fi
}
compdef _parakkt parakkt
`;
}

function fish({ commands, keys }: CompletionWords): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c parakkt -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...options.filter((option) => option.startsWith("--")).map((option) => `complete -c parakkt -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`),
  ]);
  const after = `complete -c parakkt -n '__fish_seen_subcommand_from explain' -f -a '${keys.join(" ")}'`;
  return ["# parakkt completion for fish: parakkt completion fish | source", ...lines, after, ""].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "")}'`;
}
