import Templates

/// Whether a host is the one that a cluster's teardown may touch.
package enum HostIdentity: Sendable, Hashable {
    /// Marked as ours, on the machine that was marked.
    case ours
    /// Nothing of any cluster of ours is there.
    case free
    case refused(String, remedy: String)

    init(_ survey: HostSurvey, of subject: TeardownPlan.Subject, hasRemains: Bool) {
        let (cluster, host) = (subject.spec.name, subject.lane.host.name)
        guard let clusterID = subject.clusterID else {
            self = Self.unidentified(survey, cluster, host, hasRemains)
            return
        }
        let receipt = survey.receipt
        if let mark = survey.mark, mark.first != clusterID {
            self = .refused(
                "\(host) belongs to the cluster \(mark.dropFirst().first ?? "?") (\(mark.first ?? "no id")), not to \(cluster) (\(clusterID))",
                remedy: "use that cluster's inventory and credential store"
            )
        } else if let recorded = Self.machine(survey, subject), recorded != survey.machineID {
            self = .refused(
                "\(host) has the machine-id \(survey.machineID), the cluster's host had \(recorded): another machine, or a copy",
                remedy: "see that the inventory's address is the host that you mean"
            )
        } else if survey.mark != nil || (receipt.machineID != nil && receipt.clusterID == clusterID) {
            self = .ours
        } else if let other = receipt.clusterID {
            self = .refused(
                "\(host) has a receipt of the cluster \(other), not of \(cluster) (\(clusterID))",
                remedy: "use that cluster's inventory and credential store"
            )
        } else if hasRemains {
            self = .refused(
                "\(host) has files of \(cluster), but no mark that says whose they are",
                remedy:
                    "if it is yours: echo '\(clusterID) \(cluster) \(host)' > \(MarkerResource.path) there, then run again"
            )
        } else {
            self = .free
        }
    }

    /// Where no store says which cluster is meant, a person compares what hosts say and gives it.
    private static func unidentified(
        _ survey: HostSurvey,
        _ cluster: String,
        _ host: String,
        _ hasRemains: Bool
    ) -> HostIdentity {
        guard let id = survey.mark?.first ?? survey.receipt.clusterID else {
            guard hasRemains else { return .free }
            return .refused(
                "\(host) has files of \(cluster), but no mark that says whose they are, and there is no credential store",
                remedy: "restore the store from a back-up"
            )
        }
        let names = survey.mark?.dropFirst().joined(separator: ", its host ") ?? "?"
        return .refused(
            "\(host) bears the UUID \(id) of the cluster \(names); no credential store here says that it is \(cluster)",
            remedy: "restore the store from a back-up; to give that cluster up without it: --cluster-id with this UUID"
        )
    }

    /// The machine that was the cluster's host: by its receipt or, where that is lost, as it is remembered.
    ///
    /// What bears no mark either may be made anew, with nothing of ours on it.
    private static func machine(_ survey: HostSurvey, _ subject: TeardownPlan.Subject) -> String? {
        survey.receipt.machineID ?? (survey.mark == nil ? nil : subject.machineID)
    }

    /// Asks the same on the host, in the script that acts: nothing runs after it unless it passes.
    static func guardAction(_ survey: HostSurvey, of subject: TeardownPlan.Subject) -> Action {
        let machine = machine(survey, subject) ?? survey.machineID
        return Action(
            kind: .run,
            title: "see that this is the cluster's host",
            script: """
                c=$(cut -d' ' -f1 \(MarkerResource.path) 2> /dev/null) || c=$(sed -n 's/.*"action":"machine".*"previous":"\\(.*\\)".*/\\1/p' $S/receipt.jsonl)
                [ "$c" = \(ShellQuoting.quote(subject.clusterID ?? "unknown")) ] || { echo "it belongs to the cluster ${c:-without a mark}"; exit 8; }
                [ "$(cat /etc/machine-id)" = \(ShellQuoting.quote(machine)) ] || { echo "its machine-id is $(cat /etc/machine-id), not \(machine)"; exit 8; }
                """
        )
    }
}
