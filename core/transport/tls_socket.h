#pragma once

#include "core/base/bytes.h"
#include "core/system/descriptor.h"
#include "core/transport/tls_ptr.h"

#include <array>

/// Shared by the TLS sources of this folder; no other folder includes it.
namespace enroll::transport {

/// A socket as OpenSSL reads and writes it, and what happened there: OpenSSL alone would raise SIGPIPE for a peer that is
/// gone, lose the errno, and not say what a peer sent that speaks no TLS.
struct TlsSocket {
    system::Descriptor socket;        ///< non-blocking
    int fault = 0;                    ///< errno of the last read or write that failed
    bool ended = false;               ///< the peer sends nothing more
    std::array<std::byte, 8> first{}; ///< the first bytes that came
    std::size_t firstCount = 0;       ///< how many of them did

    [[nodiscard]] ByteView firstBytes() const noexcept { return ByteView{first}.first(firstCount); }
};

/// A BIO on \p socket, which must outlive it. Null without memory.
crypto::BioPtr makeBio(TlsSocket& socket);

} // namespace enroll::transport
