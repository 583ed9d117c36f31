import Templates

/// What the kernel and systemd were told, and goes back to what it was.
struct TeardownSettings {
    private let holdings: TeardownHoldings
    private var survey: HostSurvey { holdings.survey }
    private var receipt: HostReceipt { holdings.receipt }

    init(_ holdings: TeardownHoldings) { self.holdings = holdings }

    var items: [TeardownItem] { ended + units + rereads + sysctls + modules + swap }

    /// Units of others that a playbook started or enabled.
    private var ended: [TeardownItem] {
        receipt.units.sorted { $0.key < $1.key }.compactMap { unit, before in
            let words = before.split(separator: " ")
            guard !holdings.owns(unit: unit), let state = survey.units[unit], !Self.isWay(unit),
                !["not-found", ""].contains(state.enabled)
            else { return nil }
            let stop =
                state.active == "active" && !words.contains("active")
                ? ["m=$(timeout 60 systemctl stop \(unit) 2>&1) || left \(unit) \"$m\""] : []
            let disable =
                state.enabled == "enabled" && !words.contains("enabled")
                ? ["m=$(systemctl -q disable \(unit) 2>&1) || left \(unit) \"$m\""] : []
            guard !(stop + disable).isEmpty else { return nil }
            return TeardownItem(
                .unit,
                .returns,
                unit,
                "was \(before) before a playbook",
                script: (stop + disable).joined(separator: "\n")
            )
        }
    }

    /// However one of them came to run, it may be the way in.
    private static let ways = [
        "ssh", "sshd", "NetworkManager", "systemd-networkd", "networking", "wg-quick", "tailscaled", "openvpn",
        "strongswan",
        "zerotier", "firewalld", "nftables",
    ]

    private static func isWay(_ unit: String) -> Bool {
        ways.contains(String(unit.prefix { !".@".contains($0) })) || unit.hasPrefix("openvpn")
    }

    /// Units that go on with what stood in a playbook's files until they read again; the stamp says that they do.
    private var rereads: [TeardownItem] {
        let stamped = Set(survey.list("stamp"))
        return receipt.rereads.filter { stamped.contains($0.key) }.sorted { $0.key < $1.key }.map { unit, verb in
            TeardownItem(
                .start,
                .returns,
                unit,
                "\(verb)s without a playbook's files",
                script: """
                    if ! systemctl -q is-active \(unit) || m=$(systemctl \(verb) \(unit) 2>&1)
                    then rm -f $S/stamps/\(unit); else left \(unit) "$m"; fi
                    """
            )
        }
    }

    /// Units of the same name that were there before ours, enabled or running.
    private var units: [TeardownItem] {
        receipt.units.sorted { $0.key < $1.key }.compactMap { unit, before in
            let words = before.split(separator: " ")
            let stem = String(unit.prefix { $0 != "." })
            let file = "/etc/systemd/system/\(unit)"
            guard words.contains("enabled") || words.contains("active"), let state = survey.units[unit],
                receipt.replaced[file] != nil
                    || !receipt.packages.contains(where: { $0 == stem || $0.hasPrefix("\(stem).") })
            else { return nil }
            let isOurs = holdings.owns(unit: unit) && survey.exists(file)
            let isBack =
                (!words.contains("enabled") || state.enabled == "enabled")
                && (!words.contains("active") || state.active == "active")
            // A unit that went with its package says nothing any more, and nothing of it can come back.
            guard isOurs || !isBack, !["not-found", ""].contains(state.enabled) || isOurs else { return nil }
            let name = ShellQuoting.quote(unit)
            let enable = words.contains("enabled") ? "systemctl -q enable \(name) 2>&1; " : ""
            let start =
                words.contains("active") ? "systemctl start \(name) 2>&1 || left \(name) 'does not start'; " : ""
            return TeardownItem(
                .start,
                .returns,
                unit,
                "was \(before) before ours",
                script:
                    "systemctl daemon-reload; if systemctl cat \(name) > /dev/null 2>&1; then \(enable)\(start):; fi"
            )
        } + reload
    }

    /// systemd must forget the unit files that are gone.
    private var reload: [TeardownItem] {
        let hasUnits = holdings.paths.contains { $0.hasPrefix("/etc/systemd/system/") && survey.exists($0) }
        guard hasUnits else { return [] }
        return [
            TeardownItem(
                .start,
                .goes,
                "systemd's view",
                "read again without our units",
                script: "systemctl daemon-reload"
            )
        ]
    }

    private var sysctls: [TeardownItem] {
        let now = (survey.lists["sysctl"] ?? []).reduce(into: [String: String]()) {
            $0[$1[0]] = $1.dropFirst().joined(separator: " ")
        }
        let wanted = SysctlFile(hasPods: true).settings
        return receipt.sysctls.sorted { $0.key < $1.key }.compactMap { name, before in
            guard let value = now[name], !value.isEmpty, value != before else { return nil }
            if let ours = wanted[name], ours != value {
                return TeardownItem(
                    .sysctl,
                    .stays,
                    name,
                    "is \(value), which somebody else set; it was \(before) before us"
                )
            }
            let setting = ShellQuoting.quote("\(name)=\(before)")
            let script = "m=$(sysctl -qw \(setting) 2>&1) || left \(ShellQuoting.quote(name)) \"$m\""
            return TeardownItem(.sysctl, .returns, name, "\(before), is \(value)", script: script)
        }
    }

    /// Modules that were not loaded before and that nothing uses now.
    private var modules: [TeardownItem] {
        let loaded = (survey.lists["module"] ?? []).reduce(into: [String: [String]]()) { $0[$1[0]] = $1 }
        return receipt.modules.compactMap { name in
            guard let words = loaded[name], words.count > 2 else { return nil }
            // Its own bridge holds it until that is gone: tried in any case, and no harm where it is in use.
            return words[2] == "0"
                ? TeardownItem(
                    .module,
                    .goes,
                    name,
                    "was not loaded before",
                    script: "modprobe -r \(name) 2> /dev/null || left \"module \(name)\" 'is in use'"
                )
                : TeardownItem(.module, .stays, name, "is in use; gone after the next reboot")
        }
    }

    private var swap: [TeardownItem] {
        var items: [TeardownItem] = []
        if !survey.list("fstab").isEmpty {
            let script = "sed -i 's/^# provision: //' /etc/fstab\nforget /etc/fstab"
            items.append(TeardownItem(.swap, .returns, "/etc/fstab", "its lines for swap", script: script))
        }
        items += receipt.masked.filter { survey.units[$0]?.enabled == "masked" }.map {
            // Its name may hold a backslash: dev-disk-by\x2duuid-1234.swap.
            let unit = ShellQuoting.quote($0)
            let script = "systemctl unmask \(unit) 2>&1; forget \(unit)"
            return TeardownItem(.swap, .returns, $0, "is not masked any more", script: script)
        }
        return items + areas
    }

    /// Areas of memory (zram) must be made before they can be swap: their unit does both.
    private var areas: [TeardownItem] {
        let used = Set(survey.list("swap"))
        return receipt.swaps.filter { !used.contains($0.area) }.map { swap in
            let area = ShellQuoting.quote(swap.area)
            // A negative one was the kernel's own choice, and is again.
            let option = swap.priority.flatMap { $0 < 0 ? nil : "-p \($0) " } ?? ""
            return TeardownItem(
                .swap,
                .returns,
                swap.area,
                "is swap again",
                script: """
                    if ! cut -d' ' -f1 /proc/swaps | grep -qxF \(area); then m=$(swapon \(option)\(area) 2>&1) || \
                    systemctl -q start "$(systemd-escape -p --suffix=swap \(area))" 2> /dev/null || left \(area) "$m"; fi
                    """
            )
        }
    }
}
