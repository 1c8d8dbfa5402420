#include "core/crypto/base64.h"
#include "core/crypto/revocation_list.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::crypto;

namespace {

/// The authority that signed the seeds.
constexpr std::string_view kAuthority =
    "MIIBdDCCARmgAwIBAgIUTS2hT3GtEqkiAVUHaVJFyoxivxUwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwERnV6ejAeFw0yNjExMjgx"
    "NzQ0NDFaFw0zNjExMjUxNzQ0NDFaMA8xDTALBgNVBAMMBEZ1enowWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT4ZBUZYeN8h82N"
    "sBMQasBm5+n47HFF5qlyEm4SMHJe+OvPqbbIGPazAOCFIqPGOrkLVtfXYcaA8kR1H9175+Sko1MwUTAdBgNVHQ4EFgQUfrmaSD6d"
    "+F/qIKhZu//8prINB7EwHwYDVR0jBBgwFoAUfrmaSD6d+F/qIKhZu//8prINB7EwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD"
    "AgNJADBGAiEA6m0r0IA0ofCXm1w3El44vZG/KcSRUGIt2TRCAo7cjwACIQDbmIJ6u/SJANkeiWdtAIWXhra19SKM1XLt8JgVcd2r"
    "QQ==";

const Certificate& authority()
{
    static const auto value = Certificate::fromDer(fromBase64(kAuthority).value()).value();
    return value;
}

/// Everything a run reads from a list, and what must hold whatever its bytes are.
void readAll(const RevocationList& list, const Certificate& certificate)
{
    (void)list.issuer();
    (void)list.nextUpdate();
    (void)list.covers(certificate);
    (void)list.answersFor(certificate);
    (void)list.revokedSince(certificate);
    (void)list.isIssuedBy(certificate);
    if (list.scope().size() != 64) {
        std::abort();
    }
    if (!isRevocationListInDer(list.der()) && !certificatesFromFile(list.der()).ok()) {
        std::abort(); // a list is never taken for a broken certificate
    }
    const auto again = RevocationList::fromDer(list.der());
    if (!again.ok() || again->size() != list.size() || again->scope() != list.scope()) {
        std::abort(); // what is written into the cache is what was read
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span{data, size});
    if (const auto lists = revocationListsFromFile(bytes); lists.ok()) {
        for (const auto& list : *lists) {
            readAll(list, authority());
        }
    }
    return 0;
}
