import Templates

extension PlaybookStep.Changes {
    /// For the receipt, one line each with its end: only what was there before the first change is written down.
    var notes: String {
        (files.map(file) + modes.map(mode) + sysctls.map(sysctl)).map { $0 + "\n" }.joined()
    }

    private func file(_ path: String) -> String {
        let folder = ShellQuoting.quote(path.split(separator: "/").dropLast().map { "/\($0)" }.joined())
        return "above \(folder); keep \(ShellQuoting.quote(path)) ''"
    }

    private func mode(_ path: String) -> String {
        let path = ShellQuoting.quote(path)
        return "[ ! -e \(path) ] || known \(path) || note mode \(path) '' \"$(stat -c '%a %U:%G' \(path))\""
    }

    private func sysctl(_ file: String) -> String {
        let names = "sed -n 's/^ *\\([a-z][A-Za-z0-9_./-]*\\) *=.*/\\1/p' \(ShellQuoting.quote(file))"
        return "for k in $(\(names)); do known $k || ! v=$(sysctl -n $k 2> /dev/null) || note sysctl $k '' \"$v\"; done"
    }
}
