#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/transport/agent_files.h"
#include "core/transport/tls_role.h"

#include <memory>

struct ssl_ctx_st; // OpenSSL's SSL_CTX

namespace enroll::transport {

/// Error S-330 unless \p files are all named, as an end that is \p own needs them. Nothing is read.
Result<void> requireNamed(const AgentFiles& files, TlsRole own);

/// What one end of TLS connections needs: its certificate and key, and the authority of the other end. TLS 1.3 alone, both
/// ends with certificates; no session is taken up again, nothing is compressed, nothing is sent before the handshake is
/// done. Never changes: any number of connections, on any threads.
class TlsContext {
public:
    /// Reads \p files for an end that is \p own, and checks its certificate as the other end will at \p now.
    /// \par Errors   S-330 (as requireNamed()), S-333 (one cannot be read, or others can reach the key), S-337 (what is
    ///               in one cannot be used: no key, another one's key, no authority; or the certificate comes from another
    ///               authority, has another role, expired or is not valid yet), S-340
    static Result<TlsContext> load(const AgentFiles& files, TlsRole own, UtcTime now);

    [[nodiscard]] TlsRole own() const noexcept { return m_own; }
    /// OpenSSL's form, for sources of this folder.
    [[nodiscard]] ssl_ctx_st* handle() const noexcept { return m_context.get(); }

private:
    TlsContext(std::shared_ptr<ssl_ctx_st> context, TlsRole own) noexcept : m_context(std::move(context)), m_own(own) {}

    std::shared_ptr<ssl_ctx_st> m_context;
    TlsRole m_own;
};

} // namespace enroll::transport
