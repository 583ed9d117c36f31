import Templates

/// How a member of etcd without data comes into its cluster: as one of its founders, or as a learner that is promoted.
///
/// A member that has data needs nothing, whatever the inventory's members are now.
package struct EtcdBootstrapResource: Resource {
    package static let id = "etcd-bootstrap"
    /// The state that says that the cluster is there.
    static let existing = EtcdBootstrap.ClusterState.existing.rawValue

    /// What a host without data does.
    package enum Part: Sendable, Equatable {
        case found
        case join
        case refuse(EtcdSituation.Refusal)
    }

    package let part: Part
    package let member: EtcdMemberScripts
    /// For a member that has data, and for a founder.
    private let standing: FileResource
    private let founding: FileResource

    init(_ part: Part, member: EtcdMemberScripts, standing: RenderedFile, founding: RenderedFile) {
        self.part = part
        self.member = member
        self.standing = FileResource(standing, reason: "")
        self.founding = FileResource(founding, reason: "")
    }

    package var id: String { Self.id }
    package var title: String { "\(member.name) is a member of etcd" }
    package var reason: String { "a member without data founds a cluster only where there is none" }
    package var digest: String { founding.digest }

    package var probe: Probe {
        .script(
            """
            d=\(member.dataDirectory) f=\(standing.file.path)
            if [ -n "$(find $d/member/wal -name '*.wal' 2> /dev/null | head -n 1)" ]; then h=data
            case $(systemctl show -p ActiveState -p SubState --value etcd.service | paste -sd' ') in active*|reloading*|'activating start'*) ;; *) h=stopped;; esac
            elif systemctl -q is-active etcd.service; then h=elsewhere; else h=none; fi
            if [ -f $f ]; then s=$(sed -n 's/^ETCD_INITIAL_CLUSTER_STATE=//p' $f); s=${s:-overridden}; else s=absent; fi; echo $h $s
            """
        )
    }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let state = answer.words.last ?? ""
        switch EtcdSituation.Holding(answer: answer) {
        case .stopped where part == .join:
            return .change("has data of a member that the others took out", joinAgain)
        case .data, .stopped, .founding:
            guard state == "absent" else { return .same("has data") }
            return .change("does not say whose member it is", standing.verdict(for: Self.absent, changed: []).actions)
        case .elsewhere:
            return .refused(
                "etcd runs on \(member.host), but there is no data in \(member.dataDirectory): another directory, or deleted under it",
                remedy:
                    "put etcd.dataDirectory back; where the data is gone: systemctl stop etcd there, then provision apply"
            )
        case .unknown: return .refused("cannot be read: \(answer.text)", remedy: "look at \(member.dataDirectory)")
        case .none(let hadSome): return withoutData(hadSome)
        }
    }

    private static let absent = ProbeAnswer(text: "absent")

    private func withoutData(_ hadSome: Bool) -> Verdict {
        switch part {
        case .refuse(let refusal): return .refused(refusal.why, remedy: refusal.remedy)
        case .join: return hadSome ? .change("lost its data", joinAgain) : .change("has no data", [member.join])
        case .found where hadSome:
            return .refused(
                "\(member.host) had data of etcd and lost it",
                remedy: "provision apply, which lets it join the others; without others: restore a back-up"
            )
        case .found:
            let write = founding.verdict(for: Self.absent, changed: []).actions
            return .change("has no data", write.map(guarded))
        }
    }

    /// Its file is as it shall be already, and joining puts etcd's own words there for a while.
    private var joinAgain: [Action] { [member.join] + standing.verdict(for: Self.absent, changed: []).actions }

    private func guarded(_ write: Action) -> Action {
        Action(
            kind: .create,
            title: "found etcd's cluster with \(counted(member.others.count + 1, "member"))",
            script: "\(member.foundingGuard)\n\(write.script)",
            seconds: 60
        )
    }
}
