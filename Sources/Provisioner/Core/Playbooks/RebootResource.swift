import Templates

/// A host that was booted anew in this run, where a reboot is wanted.
///
/// What was done survives on the host's disk: the run's token beside the boot id from before. A run that was cut off and
/// goes on finds another boot id there and reboots nobody twice.
package struct RebootResource: Resource {
    package let host: String
    package let playbook: String
    /// The same in every continuation of one run.
    package let token: String
    package let onlyWhenRequired: Bool
    package let reason: String
    /// Refuses with status 8 where the host must not go down now; empty where it may always.
    package let guardScript: String

    package init(
        host: String,
        playbook: String,
        token: String,
        onlyWhenRequired: Bool,
        reason: String,
        guardScript: String = ""
    ) {
        self.guardScript = guardScript
        self.host = host
        self.playbook = playbook
        self.token = token
        self.onlyWhenRequired = onlyWhenRequired
        self.reason = reason
    }

    package var id: String { "reboot:\(playbook)" }
    package var title: String { onlyWhenRequired ? "reboot where required" : "reboot" }
    package var digest: String { token }

    private var marker: String { "$S/reboots/\(playbook)" }

    /// The boot id, a word for the state, and why.
    ///
    /// A container runs its host's kernel, whatever lies in /boot.
    package var probe: Probe {
        .script(
            """
            b=$(cat /proc/sys/kernel/random/boot_id) t= o=
            [ ! -f \(marker) ] || read -r t o < \(marker)
            k=; systemd-detect-virt -cq || k=$(ls /boot 2> /dev/null | sed -n 's/^vmlinuz-//p' | grep -v 'old$\\|rescue' | sort -V | tail -n 1)
            if [ -e /run/provision/rebooting ]; then echo $b rebooting
            elif [ "$t" = \(token) ] && [ "$o" != $b ]; then echo $b rebooted
            elif [ -e /run/reboot-required ]; then echo $b required $(sort -u /run/reboot-required.pkgs 2> /dev/null)
            elif [ -n "$k" ] && [ "$k" != "$(uname -r)" ]; then echo $b required kernel $k is installed, $(uname -r) runs
            else echo $b idle; fi
            """
        )
    }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let words = answer.words
        guard words.count > 1 else {
            return .refused("the boot id cannot be read: \(answer.text)", remedy: "look at the host")
        }
        switch words[1] {
        case "rebooting": return .same("is about to reboot")
        case "rebooted": return .same("was rebooted in this run")
        case "required":
            let why = words.dropFirst(2).joined(separator: " ")
            return .change("a reboot is required" + (why.isEmpty ? "" : ": \(why)"), [action])
        default:
            return onlyWhenRequired ? .same("no reboot is required") : .change("every run reboots once", [action])
        }
    }

    /// The boot that an answer tells of.
    package static func boot(_ answer: ProbeAnswer) -> String? { answer.words.first }

    /// The timer lets the script end with its receipt before the machine goes down.
    private var action: Action {
        Action(
            kind: .restart,
            title: "reboot \(host)",
            script: guardScript + (guardScript.isEmpty ? "" : "\n")
                + """
                mkdir -p $S/reboots /run/provision
                echo "\(token) $(cat /proc/sys/kernel/random/boot_id)" > $S/reboots/.\(playbook).provision-tmp
                mv -f $S/reboots/.\(playbook).provision-tmp \(marker); sync
                systemd-run --quiet --collect --on-active=2s --timer-property=AccuracySec=100ms systemctl reboot
                : > /run/provision/rebooting
                """
        )
    }
}
