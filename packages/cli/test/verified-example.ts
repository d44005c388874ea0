import { main } from "@parakkt/cli";
import { fileURLToPath } from "node:url";
import type { VerificationReport } from "../dist/verify/verify-command.js";

const EXAMPLES = fileURLToPath(new URL("../../../examples/", import.meta.url));

/** Runs the program in this process; what it printed and its exit code. */
export async function verify(example: string, ...options: string[]): Promise<{ code: number; report: VerificationReport }> {
  let printed = "";
  const terminal = { result: (text: string) => void (printed += text), talk: () => undefined, interactive: false };
  const code = await main(["verify", `${EXAMPLES}${example}`, "--json", ...options], { terminal });
  return { code, report: JSON.parse(printed) as VerificationReport };
}
