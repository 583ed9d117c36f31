/// Swap, which the kernel forgets at a reboot and systemd does not.
extension HostPreparation {
    /// Units that are swap now, and unit files that would be at the next boot, whoever made them: fstab, zram, a partition's
    /// type.
    private static let units = #"""
        { systemctl list-units --plain --no-legend --type swap --state active; \
        systemctl list-unit-files --plain --no-legend --type swap; } 2> /dev/null | \
        awk '$2 != "masked" && $2 != "disabled" && !seen[$1]++ {print $1}'
        """#

    private static let lines = "-E '^[^#].*[[:space:]]swap[[:space:]]' /etc/fstab"

    /// Swap off now and after every reboot.
    ///
    /// Units are looked up before `swapoff`, since those without a file are known only as long as they are swap. A file in
    /// `/etc/systemd/system` cannot be masked, so that unit is disabled.
    static func swap() -> CommandResource {
        CommandResource(
            id: "swap",
            title: "swap is off",
            reason: "the kubelet refuses to account memory beside swap; fstab and systemd would bring it back",
            check: "s=$(tail -n +2 /proc/swaps; grep -s \(lines); \(units)); echo \"$s\"; [ -z \"$s\" ]",
            action: Action(
                kind: .update,
                title: "turn swap off for good",
                script: #"""
                    for u in $(\#(units)); do f=/etc/systemd/system/$u
                    if [ -f "$f" ] && [ ! -L "$f" ]; then
                    known "$u" || note unit "$u" '' "$(systemctl is-enabled "$u" 2> /dev/null) $(systemctl is-active "$u" 2> /dev/null)"
                    systemctl -q disable "$u"
                    [ "$(systemctl is-enabled "$u" 2> /dev/null)" != static ] || { echo "$f has no [Install]: remove it"; exit 8; }
                    else note masked "$u" '' ''; systemctl mask "$u"; fi; done
                    swapoff -a
                    if grep -qs \#(lines); then keep /etc/fstab ''
                    sed -i -E 's/^([^#].*[[:space:]]swap[[:space:]].*)$/# provision: \1/' /etc/fstab; fi
                    """#
            )
        )
    }
}
