#include "core/base/station_code.h"
#include "core/crypto/openssl_error.h"

#include <QtTest>

#include <openssl/err.h>

using namespace enroll;
using namespace enroll::crypto;

class TstOpensslError : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { ERR_clear_error(); }
    void drainsTheQueueInnermostFirst();
    void emptyQueueLeavesNoSource();
};

void TstOpensslError::drainsTheQueueInnermostFirst()
{
    ERR_raise(ERR_LIB_RSA, ERR_R_MALLOC_FAILURE);
    const auto first = ERR_peek_error();
    ERR_raise(ERR_LIB_EVP, ERR_R_INTERNAL_ERROR);
    const auto error = opensslError(StationCode::CryptoFailed, "it failed", "EVP_Something");
    QVERIFY(error.source == ErrorSource{OpenSslCode{first}});
    QCOMPARE(error.trail.size(), std::size_t{2});
    QVERIFY(error.trail[0].find("malloc failure") != std::string::npos);
    QVERIFY(error.trail[1].find("internal error") != std::string::npos);
    QCOMPARE(ERR_peek_error(), 0UL);
}

void TstOpensslError::emptyQueueLeavesNoSource()
{
    const auto error = opensslError(StationCode::CryptoFailed, "it failed", "EVP_Something");
    QVERIFY(error.source == ErrorSource{});
    QVERIFY(error.trail.empty());
}

QTEST_APPLESS_MAIN(TstOpensslError)
#include "tst_openssl_error.moc"
