/// What goes into an image made of Debian packages.
struct ImageRecipe: Sendable, Hashable {
    /// Packages taken as a whole, the one that names the version first.
    ///
    /// Of what they depend on only libraries are added.
    let packages: [String]
    let entrypoint: [String]
    let command: [String]
    /// Text files by path.
    let files: [String: String]

    /// Debian names libraries `lib...`, with this one exception among those needed here.
    static func isLibrary(_ package: String) -> Bool {
        package.hasPrefix("lib") || package == "zlib1g"
    }

    static let nginx = ImageRecipe(
        packages: ["nginx", "nginx-common", "libc-bin", "dash", "busybox", "curl"],
        entrypoint: ["/usr/sbin/nginx"],
        command: ["-g", "daemon off;"],
        files: ["etc/nginx/nginx.conf": nginxConfiguration]
    )

    static let dnsmasq = ImageRecipe(
        packages: ["dnsmasq-base", "libc-bin", "dash", "busybox"],
        entrypoint: ["/usr/sbin/dnsmasq"],
        command: ["--keep-in-foreground", "--log-facility=-"],
        files: [:]
    )

    /// Answers every path with the pod's host name, so that a test sees which pod answered.
    private static let nginxConfiguration = """
        user nobody nogroup;
        worker_processes 1;
        pid /run/nginx.pid;
        error_log /dev/stderr notice;
        events { worker_connections 256; }
        http {
            access_log /dev/stdout;
            client_body_temp_path /tmp/body;
            proxy_temp_path /tmp/proxy;
            fastcgi_temp_path /tmp/fastcgi;
            uwsgi_temp_path /tmp/uwsgi;
            scgi_temp_path /tmp/scgi;
            server {
                listen 80 default_server;
                default_type text/plain;
                location / { return 200 "$hostname\\n"; }
            }
        }

        """
}
