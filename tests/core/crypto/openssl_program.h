#pragma once

#include "tests/support/maker_hierarchy.h"

#include <QByteArray>

#include <optional>

namespace enroll::test {

/// What the program `openssl verify` says of a certificate.
struct ProgramVerdict {
    int exitCode = -1;        ///< 0: the path holds; 2: it does not; -1: the program did not end by itself
    std::optional<int> error; ///< the number that it names first (X509_V_ERR_…), if it names one
    QByteArray output;        ///< both streams, for the message of a test
};

/// Runs `openssl verify` on the leaf of \p made, with what the product is given: anchors as -CAfile, the other certificates
/// as -untrusted, revocation lists as -CRLfile, kNow as -attime, and -partial_chain where an anchor is an intermediate. The
/// machine's own authorities play no part. Waits half a minute at most. Main thread.
ProgramVerdict verifiedByProgram(const MakerHierarchy& made);

} // namespace enroll::test
