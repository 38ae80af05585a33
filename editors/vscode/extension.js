// Starts `iscg-rules lsp` and leaves the rest to it.
const fs = require("fs");
const path = require("path");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const INSTALL = "pip install 'iscg-rules[lsp,proof]'";
let client;

// The program that is configured, else that of the project's own environment, else the system's.
function findServer() {
  const chosen = vscode.workspace.getConfiguration("iscg-rules").get("server");
  if (chosen) return chosen;
  const inside = process.platform === "win32" ? ["Scripts", "iscg-rules.exe"] : ["bin", "iscg-rules"];
  const places = (vscode.workspace.workspaceFolders || []).map((folder) =>
    path.join(folder.uri.fsPath, ".venv", ...inside)
  );
  return places.find((place) => fs.existsSync(place)) || "iscg-rules";
}

async function activate() {
  const territory = vscode.workspace.getConfiguration("iscg-rules").get("territory");
  const args = ["lsp", ...(territory ? ["--territory", territory] : [])];
  client = new LanguageClient(
    "iscg-rules",
    "iscg-rules",
    { command: findServer(), args },
    {
      documentSelector: [{ scheme: "file", language: "yaml" }],
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.yaml") },
    }
  );
  try {
    await client.start();
  } catch {
    vscode.window.showErrorMessage(`iscg-rules ne démarre pas. Dans le projet : ${INSTALL}`);
  }
}

function deactivate() {
  return client && client.stop();
}

module.exports = { activate, deactivate };
