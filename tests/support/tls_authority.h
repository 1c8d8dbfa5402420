#pragma once

#include <memory>
#include <string>

namespace enroll::test {

/// A certificate and its private key, PEM.
struct TlsIdentity {
    std::string certificate;
    std::string key;
};

/// A certificate authority for HTTPS servers on loopback, fresh for each object.
class TlsAuthority {
public:
    TlsAuthority();
    ~TlsAuthority();

    [[nodiscard]] std::string certificate() const; ///< PEM, what a client must trust
    /// A server's identity. \p alternativeNames in OpenSSL's notation: "IP:127.0.0.1,DNS:localhost".
    [[nodiscard]] TlsIdentity issue(const std::string& alternativeNames) const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace enroll::test
