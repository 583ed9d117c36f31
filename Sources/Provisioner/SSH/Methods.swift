/// What libssh2 1.10 may use: no SHA-1, no CBC, no arcfour, no 3des, no md5, no dss.
enum Methods {
    static let keyExchange =
        "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group-exchange-sha256,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,diffie-hellman-group14-sha256"
    static let hostKeys = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]
    static let ciphers = "aes128-ctr,aes256-ctr,aes192-ctr"
    static let codes = "hmac-sha2-256,hmac-sha2-512"
}
