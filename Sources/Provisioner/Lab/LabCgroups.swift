#if canImport(Glibc)
import Glibc
#endif

/// A machine's own place in every cgroup hierarchy.
///
/// Without one all machines would share theirs: systemd in one would signal the services of the others, and a kubelet
/// would remove the pods of its neighbours.
struct LabCgroups {
    /// Unique on this machine: neither name holds a dot.
    let name: String

    init(_ configuration: LabConfiguration, _ host: LabHost) {
        name = "provision-lab.\(configuration.name).\(host.name)"
    }

    /// POSIX sh: moves the shell that runs it, below the cgroup that it is in, so that whoever limits or counts that one
    /// still does; only on a pure cgroup v2 system, where inner cgroups hold no processes, below the root.
    var joining: String {
        """
        own() { while IFS=: read -r n c p; do case ",$c," in *",$1,"*|*",name=$1,"*) echo "$p"; return;; esac; done < /proc/self/cgroup; }
        for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
        if [ ! -L "$d" ] && [ -f "$d/cgroup.procs" ] && mountpoint -q "$d"; then
        case $d in /sys/fs/cgroup) p=; for c in cpu cpuset io memory pids; do echo +$c > $d/cgroup.subtree_control; done;;
        */unified) p=$(own '');; *) p=$(own "${d##*/}");; esac
        g=${d}${p%/}/\(name); mkdir -p "$g"
        for f in cpuset.cpus cpuset.mems; do [ ! -f "${g%/*}/$f" ] || cat "${g%/*}/$f" > "$g/$f"; done
        echo $$ > "$g/cgroup.procs"
        fi
        done 2> /dev/null

        """
    }

    /// Those that exist now.
    func existing() async throws -> [String] {
        let found = try await Tool.output("find", ["/sys/fs/cgroup", "-type", "d", "-name", name])
        return found.text.split(separator: "\n").map(String.init)
    }

    /// Every process in them, whatever its namespaces.
    func processes() async throws -> Set<Int32> {
        var found: Set<Int32> = []
        for path in try await existing() {
            let listed = try await Tool.output(
                "find",
                [path, "-name", "cgroup.procs", "-exec", "cat", "{}", ";"]
            )
            found.formUnion(listed.text.split(separator: "\n").compactMap { Int32($0) }.filter { $0 > 1 })
        }
        return found
    }

    /// Kills every process in them, and waits until none is left; the container's own init outlives its nspawn otherwise.
    func killAll() async throws {
        for _ in 0..<100 {
            let left = try await processes()
            if left.isEmpty { return }
            for process in left { kill(process, SIGKILL) }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Removes them from the leaves up; the kernel refuses one that still holds a process.
    func remove() async throws {
        for path in try await existing() {
            _ = try await Tool.output("find", [path, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])
        }
    }
}
