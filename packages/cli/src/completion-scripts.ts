/** What a shell may offer. */
export interface CompletionWords {
  readonly commands: readonly CommandWords[];
  /** Keys of a config to solve, after --set and explain. */
  readonly keys: readonly string[];
  /** Keys of a training, after explain and the --set of train. */
  readonly trainingKeys: readonly string[];
}

/** A command, its options, and the closed lists of values: of its argument, and of options. */
export interface CommandWords {
  readonly name: string;
  readonly description: string;
  readonly options: readonly string[];
  readonly values: readonly string[];
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** A completion script for each shell that is known. */
export const completionScripts: Readonly<Record<"bash" | "zsh" | "fish", (words: CompletionWords) => string>> = { bash, zsh, fish };

/** Every option with a closed list of values; an option means the same in all commands. */
function allChoices(commands: readonly CommandWords[]): [string, readonly string[]][] {
  return Object.entries(Object.assign({}, ...commands.map(({ choices }) => choices)) as CommandWords["choices"]);
}

function bash({ commands, keys, trainingKeys }: CompletionWords): string {
  const cases = commands.map(({ name, options, values }) => `    ${name}) options="${options.join(" ")}" values="${values.join(" ")}" ;;`);
  const choices = allChoices(commands).map(([option, values]) => `    ${option}) offered="${values.join(" ")}" ;;`);
  return `# parakkt completion for bash: source <(parakkt completion bash)
_parakkt() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" options="" values="" offered=""
  local keys="${keys.join(" ")}" training="${trainingKeys.join(" ")}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "${commands.map(({ name }) => name).join(" ")} --help --version" -- "$current") )
    return
  fi
  case "$previous" in
    explain) offered="$keys $training" ;;
    --set) if [ "\${COMP_WORDS[1]}" = train ]; then offered="$training"; else offered="$keys"; fi ;;
${choices.join("\n")}
  esac
  if [ -n "$offered" ]; then
    COMPREPLY=( $(compgen -W "$offered" -- "$current") )
    [ "$previous" = "--set" ] && compopt -o nospace 2>/dev/null
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
  case "$current" in
    -*) COMPREPLY=( $(compgen -W "$options" -- "$current") ) ;;
    *) if [ -n "$values" ]; then COMPREPLY=( $(compgen -W "$values" -- "$current") ); else COMPREPLY=( $(compgen -f -- "$current") ); fi ;;
  esac
}
complete -o filenames -F _parakkt parakkt
`;
}

function zsh({ commands, keys, trainingKeys }: CompletionWords): string {
  const described = commands.map(({ name, description }) => `    ${quoted(`${name}:${description}`)}`);
  const cases = commands.map(({ name, options }) => `      ${name}) compadd -- ${options.join(" ")} ;;`);
  const choices = allChoices(commands).map(([option, values]) => `  elif [[ $words[CURRENT-1] == ${option} ]]; then\n    compadd -- ${values.join(" ")}`);
  const values = commands.filter((command) => command.values.length > 0).map((command) => `      ${command.name}) compadd -- ${command.values.join(" ")} ;;`);
  return `#compdef parakkt
# parakkt completion for zsh: source <(parakkt completion zsh)
_parakkt() {
  local -a commands keys training
  commands=(
${described.join("\n")}
  )
  keys=(${keys.join(" ")})
  training=(${trainingKeys.join(" ")})
  if (( CURRENT == 2 )); then
    _describe command commands
  elif [[ $words[CURRENT-1] == --set ]]; then
    if [[ $words[2] == train ]]; then compadd -S = -- $training; else compadd -S = -- $keys; fi
${choices.join("\n")}
  elif [[ $words[2] == explain ]]; then
    compadd -- $keys $training
  elif [[ $words[CURRENT] == -* ]]; then
    case $words[2] in
${cases.join("\n")}
    esac
  else
    case $words[2] in
${values.join("\n")}
      *) _files ;;
    esac
  fi
}
compdef _parakkt parakkt
`;
}

function fish({ commands, keys, trainingKeys }: CompletionWords): string {
  const lines = commands.flatMap(({ name, description, options, values, choices }) => [
    `complete -c parakkt -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
    ...options.filter((option) => option.startsWith("--")).map((option) => {
      const offered = choices[option];
      return `complete -c parakkt -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}${offered === undefined ? "" : ` -x -a '${offered.join(" ")}'`}`;
    }),
    ...(values.length === 0 ? [] : [`complete -c parakkt -n '__fish_seen_subcommand_from ${name}' -f -a '${values.join(" ")}'`]),
  ]);
  const after = `complete -c parakkt -n '__fish_seen_subcommand_from explain' -f -a '${[...keys, ...trainingKeys].join(" ")}'`;
  return ["# parakkt completion for fish: parakkt completion fish | source", ...lines, after, ""].join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "")}'`;
}
