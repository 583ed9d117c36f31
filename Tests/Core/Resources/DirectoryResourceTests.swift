import ProvisionCore
import Testing

@Suite struct DirectoryResourceTests {
    private let resource = DirectoryResource("/var/lib/etcd", mode: 0o700, owner: "etcd:etcd", reason: "a test")

    @Test(arguments: [
        ("directory 700 etcd:etcd 4096", "same: exists"),
        ("absent", "change: is missing -> create /var/lib/etcd/"),
        (
            "directory 755 etcd:etcd 4096",
            "change: is 755 etcd:etcd, must be 700 etcd:etcd -> set mode and owner of /var/lib/etcd/"
        ),
        (
            "directory 700 root:root 4096",
            "change: is 700 root:root, must be 700 etcd:etcd -> set mode and owner of /var/lib/etcd/"
        ),
        ("file 644 root:root 1 abc", "refused: /var/lib/etcd is not a directory"),
        ("symbolic-link 777 root:root 9", "refused: /var/lib/etcd is not a directory"),
    ])
    func `an answer gives its verdict`(_ answer: String, _ outline: String) {
        #expect(resource.outline(answer) == outline)
    }

    @Test func `mode and owner are given to the prelude's function`() {
        #expect(resource.scripts("absent") == ["folder /var/lib/etcd 700 etcd:etcd"])
    }
}
