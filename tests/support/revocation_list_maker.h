#pragma once

#include "core/crypto/revocation_list.h"
#include "tests/support/certificate_maker.h"

namespace enroll::test {

struct RevocationEntry {
    long serial = 0;
    std::string certificateIssuer = {}; ///< its common name; empty: no extension
    bool takenBack = false;             ///< the reason is removeFromCRL
};

/// The critical extension of a list that is of other issuers' certificates, too.
inline const std::pair<std::string, std::string> kIndirect{"issuingDistributionPoint", "critical,DER:30038401ff"};
/// The extension of a certificate that names who answers for its revocation (cRLIssuer), by a common name.
std::pair<std::string, std::string> listsOfIssuer(const std::string& commonName);

/// What stands in a revocation list. The defaults make a good one that revokes nothing.
struct RevocationPlan {
    std::string issuer = "Issuer";
    std::vector<long> serials = {};
    UtcTime thisUpdate = UtcTime{std::chrono::sys_days{std::chrono::year{2030} / 5 / 1}};
    std::optional<UtcTime> nextUpdate = UtcTime{std::chrono::sys_days{std::chrono::year{2030} / 7 / 1}};
    /// By OpenSSL's names, with values as in its configuration.
    std::vector<std::pair<std::string, std::string>> extensions = {};
    std::vector<std::pair<std::string, std::string>> entryExtensions = {}; ///< of each of `serials`
    std::vector<RevocationEntry> entries = {};                             ///< further ones, in this order
};

/// DER. Ends the process if OpenSSL refuses: a plan is part of the test's source.
Bytes makeRevocationListDer(const RevocationPlan& plan, const TestKey& issuer);
crypto::RevocationList makeRevocationList(const RevocationPlan& plan, const TestKey& issuer);

} // namespace enroll::test
