/// Turns a checked document into a playbook, and holds it against the rules that shapes cannot say.
struct PlaybookReader {
    let paths: PathResolver
    var problems: ProblemList
    /// Files of the steps read so far.
    private var files: [String: SourceMark] = [:]

    init(paths: PathResolver, problems: ProblemList) {
        self.paths = paths
        self.problems = problems
    }

    mutating func read(_ document: LocatedValue) -> Playbook? {
        var steps: [PlaybookStep] = []
        let description = document["description"]?.text ?? ""
        for item in document["steps"]?.items ?? [] {
            guard let (kind, mark) = kind(item) else { continue }
            if let read = read(kind, item[kind] ?? item, at: mark) {
                steps.append(PlaybookStep(kind: read, reason: item["why"]?.text ?? Self.firstSentence(description)))
            }
        }
        checkDrains(document["steps"]?.items ?? [])
        return Playbook(
            name: document["name"]?.text ?? "",
            description: description,
            hosts: hosts(document["hosts"]),
            strategy: strategy(document["strategy"]),
            steps: steps
        )
    }

    private static func firstSentence(_ text: String) -> String {
        let line = text.split(separator: "\n").joined(separator: " ")
        return line.firstRange(of: ". ").map { String(line[..<$0.lowerBound]) } ?? line
    }

    private func hosts(_ value: LocatedValue?) -> Playbook.HostChoice {
        guard let value else { return .all }
        if let word = value.text {
            return PlaybookKeys.roles.first { $0.name == word }?.role.map { .role($0) } ?? .all
        }
        if case .list(let items) = value.content { return .names(items.compactMap(\.text)) }
        let labels = value["labels"]?.entries ?? []
        return .labels(Dictionary(labels.map { ($0.key, $0.value.text ?? "") }) { first, _ in first })
    }

    private func strategy(_ value: LocatedValue?) -> Playbook.Strategy {
        if value?.text == "parallel" { return .parallel }
        let limit = value?.at("rolling", "maxUnavailable")?.text.flatMap { MaxUnavailable($0) }
        return .rolling(limit ?? .count(1))
    }

    /// The one key that says what a step is.
    private mutating func kind(_ item: LocatedValue) -> (String, SourceMark)? {
        let found = item.entries.filter { PlaybookKeys.kinds.contains($0.key) }
        if let second = found.dropFirst().first, let first = found.first {
            problems.add(
                "playbook.step-kind",
                at: second.keyMark,
                "a step is one thing: `\(first.key)` and `\(second.key)` are two",
                fix: "make two steps of it",
                related: (first.keyMark, "the first is here")
            )
            return nil
        }
        guard let only = found.first else {
            // A key that was not known has been reported with the nearest name already.
            if item.entries.allSatisfy({ $0.key == "why" }), !hasUnknownKeys {
                problems.add(
                    "playbook.step-kind",
                    at: item.mark,
                    "a step without a kind",
                    fix: "give it one of \(PlaybookKeys.kinds.joined(separator: ", "))"
                )
            }
            return nil
        }
        return (only.key, only.keyMark)
    }

    private var hasUnknownKeys: Bool { problems.problems.contains { $0.code == "inventory.unknown-key" } }

    private mutating func read(_ kind: String, _ value: LocatedValue, at mark: SourceMark) -> PlaybookStep.Kind? {
        switch kind {
        case "file": return file(value, at: mark)
        case "package": return package(value, at: mark)
        case "unit": return unit(value)
        case "command":
            return .command(
                PlaybookStep.Command(
                    title: value["title"]?.text ?? "",
                    check: value["check"]?.text ?? "",
                    run: value["run"]?.text ?? "",
                    seconds: seconds(value["timeout"], 300),
                    changes: changes(value["changes"])
                )
            )
        case "drain":
            return .drain(
                PlaybookStep.Drain(
                    seconds: seconds(value["timeout"], 300),
                    grace: value["grace"].map { seconds($0, 30) },
                    force: value["force"]?.text == "true"
                )
            )
        case "uncordon": return .uncordon
        case "reboot":
            return .reboot(
                PlaybookStep.Reboot(
                    onlyWhenRequired: value["when"]?.text != "always",
                    seconds: seconds(value["timeout"], 600)
                )
            )
        case "waitFor":
            return .waitFor(
                PlaybookStep.Wait(
                    title: value["title"]?.text ?? "",
                    command: value["command"]?.text ?? "",
                    seconds: seconds(value["timeout"], 120)
                )
            )
        case "kubectlApply": return content(value, at: mark).map { .kubectlApply($0) }
        default: return .collect(collection(value))
        }
    }

    private func changes(_ value: LocatedValue?) -> PlaybookStep.Changes {
        func paths(_ key: String) -> [String] { value?[key]?.items.compactMap(\.text) ?? [] }
        return PlaybookStep.Changes(files: paths("files"), modes: paths("modes"), sysctls: paths("sysctls"))
    }

    private func seconds(_ value: LocatedValue?, _ standard: Int) -> Int {
        value?.text.flatMap(TextRules.seconds).map { Int($0) } ?? standard
    }

    private mutating func file(_ value: LocatedValue, at mark: SourceMark) -> PlaybookStep.Kind? {
        guard let path = value["path"]?.text, let content = content(value, at: mark) else { return nil }
        if let first = files[path] {
            problems.add(
                "playbook.duplicate-file",
                at: value["path"]?.mark ?? mark,
                "two steps write \(path)",
                fix: "keep one of them",
                related: (first, "the first is here")
            )
        }
        files[path] = value["path"]?.mark ?? mark
        let owner = (value["owner"]?.text ?? "root:root").split(separator: ":").map(String.init)
        return .file(
            PlaybookStep.File(
                path: path,
                content: content,
                mode: value["mode"]?.text.flatMap { UInt16($0, radix: 8) } ?? 0o644,
                owner: owner.first ?? "root",
                group: owner.last ?? "root",
                validator: (value["validate"]?.text ?? "").split(separator: " ").map(String.init)
            )
        )
    }

    private mutating func content(_ value: LocatedValue, at mark: SourceMark) -> PlaybookStep.Content? {
        switch (value["content"]?.text, value["source"]?.text) {
        case (let text?, nil): return .inline(Array(text.utf8))
        case (nil, let path?): return .source(paths.absolute(path))
        case (_?, _?):
            problems.add(
                "playbook.content",
                at: value["source"]?.mark ?? mark,
                "both `content` and `source` are given",
                fix: "keep one of them"
            )
        case (nil, nil):
            guard value["content"] == nil, value["source"] == nil else { return nil }
            problems.add(
                "playbook.content",
                at: mark,
                "neither `content` nor `source` is given",
                fix: "write the content, or name a file beside the playbook"
            )
        }
        return nil
    }

    private mutating func package(_ value: LocatedValue, at mark: SourceMark) -> PlaybookStep.Kind? {
        let removes = value.entries.first { $0.key == "removes" }
        switch (value["install"], value["upgrade"]) {
        case (let names?, nil):
            return .install(names.items.compactMap(\.text), removes: removes?.value.items.compactMap(\.text) ?? [])
        case (nil, let names?):
            if let removes {
                problems.add(
                    "playbook.package",
                    at: removes.keyMark,
                    "`removes` goes with `install`: an upgrade removes nothing",
                    fix: "remove the key"
                )
            }
            return .upgrade(names.items.compactMap(\.text))
        case (let install, let upgrade):
            // A key that was not known has been reported already.
            let isEmpty = value.entries.allSatisfy { $0.key == "removes" }
            guard isEmpty || (install != nil && upgrade != nil) else { return nil }
            problems.add(
                "playbook.package",
                at: mark,
                "a package step has either `install` or `upgrade`",
                fix: "keep one, or make two steps of it"
            )
            return nil
        }
    }

    private mutating func unit(_ value: LocatedValue) -> PlaybookStep.Kind? {
        func names(_ key: String) -> [String] { value[key]?.items.compactMap(\.text) ?? [] }
        for key in ["restartAfter", "reloadAfter"] {
            for item in value[key]?.items ?? [] where item.text.map({ files[$0] == nil }) ?? false {
                let near = NearestName.of(item.text ?? "", among: files.keys.sorted()).map { "did you mean `\($0)`?" }
                problems.add(
                    "playbook.unknown-file",
                    at: item.mark,
                    "no earlier step writes \(item.text ?? "")",
                    fix: near ?? "name a file that a step before this one writes"
                )
            }
        }
        return .unit(
            PlaybookStep.Unit(
                name: value["name"]?.text ?? "",
                isRunning: value["state"]?.text != "stopped",
                isEnabled: value["enabled"]?.text.map { $0 == "true" },
                restartAfter: names("restartAfter"),
                reloadAfter: names("reloadAfter")
            )
        )
    }

    private func collection(_ value: LocatedValue) -> SupportCollection {
        SupportCollection(
            files: value["files"]?.items.compactMap(\.text) ?? [],
            units: value["units"]?.items.compactMap(\.text) ?? [],
            lines: value["lines"]?.text.flatMap { Int($0) } ?? 2000,
            commands: value["commands"]?.entries.compactMap { entry in
                entry.value.text.map { SupportCollection.Command(name: entry.key, script: $0) }
            } ?? []
        )
    }

    /// Every drain has its uncordon after it: a node is never left cordoned by a run that succeeds.
    private mutating func checkDrains(_ items: [LocatedValue]) {
        var open: SourceMark?
        for entry in items.flatMap(\.entries) {
            switch (entry.key, open) {
            case ("drain", nil): open = entry.keyMark
            case ("drain", let first?):
                problems.add(
                    "playbook.drain-order",
                    at: entry.keyMark,
                    "drained again before `uncordon`",
                    fix: "put `uncordon` between them",
                    related: (first, "drained here")
                )
            case ("uncordon", nil):
                problems.add(
                    "playbook.drain-order",
                    at: entry.keyMark,
                    "`uncordon` without a `drain` before it",
                    fix: "put `drain` where the node must be empty from"
                )
            case ("uncordon", _?): open = nil
            default: break
            }
        }
        if let open {
            problems.add(
                "playbook.drain-order",
                at: open,
                "the node would stay cordoned: no `uncordon` comes after this `drain`",
                fix: "add a step `uncordon: {}`"
            )
        }
    }
}
