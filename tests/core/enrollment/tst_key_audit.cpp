#include "core/base/device_code.h"
#include "core/crypto/key_weaknesses.h"
#include "core/enrollment/key_audit.h"
#include "tests/support/certificate_maker.h"
#include "tests/support/weak_moduli.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::crypto;
using namespace enroll::enrollment;
using namespace enroll::test;

namespace {

AuditedDevice device(const char* id, const char* serial = "")
{
    return {RegistrationId{id}, SerialNumber{serial}};
}

RsaPublicKey keyFrom(const BignumPtr& p, const BignumPtr& q)
{
    return keyOf(productOf(p.get(), q.get()).get());
}

RsaPublicKey goodKey()
{
    return keyFrom(freshPrime(1024), freshPrime(1024));
}

KeyAuditReport judged(const KeyAudit& audit)
{
    return audit.judge({}, {}).value();
}

/// The only finding; the weakness and the devices, since what is said of it is for people.
std::pair<Weakness, std::vector<AuditedDevice>> onlyFinding(const KeyAuditReport& report)
{
    if (report.findings.size() != 1) {
        qFatal("%zu findings", report.findings.size());
    }
    return {report.findings.front().weakness, report.findings.front().devices};
}

using Expected = std::pair<Weakness, std::vector<AuditedDevice>>;

} // namespace

class TestKeyAudit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();

    void findsNothingWhereNothingIs();
    void findsNothingInGoodKeys();
    void namesTheDeviceOfAWeakKey();
    void findsAFactorBehindTheFirstThousand();
    void namesTheDevicesThatShareAPrime();
    void findsOneKeyUnderTwoIds();
    void findsOnePointUnderTwoIds();
    void findsOneKeyOfTwoSerialNumbersUnderOneId();
    void countsIdsAndSerialNumbersOfAKey();
    void takesOneIdForOneDevice();
    void takesASerialNumberThatNobodyKnowsForNone();
    void findsOneModulusWithTwoExponents();
    void doesNotSearchAModulusWithASmallFactor();
    void tellsHowFarItIs();
    void endsWhenAsked();

private:
    RsaPublicKey m_good;
    RsaPublicKey m_other;
};

void TestKeyAudit::initTestCase()
{
    m_good = goodKey();
    m_other = goodKey();
}

void TestKeyAudit::findsNothingWhereNothingIs()
{
    const auto report = judged(KeyAudit{});
    QVERIFY(report.findings.empty());
    QCOMPARE(report.entries, std::size_t{0});
}

void TestKeyAudit::findsNothingInGoodKeys()
{
    KeyAudit audit;
    audit.add(device("a", "GX-000001"), m_good);
    audit.add(device("b", "GX-000002"), m_other);
    audit.add(device("c", "GX-000003"), TestKey::ecc().publicKey());
    const auto report = judged(audit);
    QVERIFY(report.findings.empty());
    QCOMPARE(report.entries, std::size_t{3});
    QCOMPARE(report.rsaKeys, std::size_t{2});
    QCOMPARE(report.eccKeys, std::size_t{1});
    QCOMPARE(report.weakKeys, std::size_t{0});
}

void TestKeyAudit::namesTheDeviceOfAWeakKey()
{
    KeyAudit audit;
    audit.add(device("a"), m_good);
    audit.add(device("b", "GX-000002"), keyOf(rocaShapedModulus(2).get()));
    const auto report = judged(audit);
    QCOMPARE(onlyFinding(report), (Expected{Weakness::Roca, {device("b", "GX-000002")}}));
    QCOMPARE(report.weakKeys, std::size_t{1});
}

/// Among so many keys that small factors are looked for in more than one block of them.
void TestKeyAudit::findsAFactorBehindTheFirstThousand()
{
    KeyAudit audit;
    const auto point = TestKey::ecc().publicKey();
    for (std::size_t i = 0; i < 2 * kKeysTogether; ++i) {
        auto key = std::get<EccPublicKey>(point);
        key.y.back() ^= static_cast<std::byte>(i + 1); // beside the curve, and another one each time
        audit.add(device("a"), key);
    }
    const auto half = freshPrime(1024);
    for (const BN_ULONG factor : {65537UL, 1048573UL}) {
        const BignumPtr modulus{BN_dup(productOf(half.get(), freshPrime(1004).get()).get())};
        BN_mul_word(modulus.get(), factor);
        audit.add(device("b", "GX-000002"), keyOf(modulus.get()));
    }
    const auto report = judged(audit);
    const auto small = std::ranges::count(report.findings, Weakness::SmallFactor, &WeakKeyFinding::weakness);
    QCOMPARE(small, 2);
    QCOMPARE(report.eccKeys, 2 * kKeysTogether);
    QCOMPARE(report.rsaKeys, std::size_t{2});
}

void TestKeyAudit::namesTheDevicesThatShareAPrime()
{
    const auto prime = freshPrime(1024);
    KeyAudit audit;
    audit.add(device("a", "GX-000001"), keyFrom(prime, freshPrime(1024)));
    audit.add(device("b"), m_good);
    audit.add(device("c", "GX-000003"), keyFrom(freshPrime(1024), prime));
    const auto report = judged(audit);
    auto [weakness, devices] = onlyFinding(report);
    std::ranges::sort(devices);
    QCOMPARE(weakness, Weakness::SharedFactor);
    QCOMPARE(devices, (std::vector{device("a", "GX-000001"), device("c", "GX-000003")}));
    QCOMPARE(report.weakKeys, std::size_t{2});
    QVERIFY(report.findings.front().detail.find("1024 bits") != std::string::npos);
}

void TestKeyAudit::findsOneKeyUnderTwoIds()
{
    KeyAudit audit;
    audit.add(device("b", "GX-000002"), m_good);
    audit.add(device("a", "GX-000001"), m_good);
    audit.add(device("c"), m_other);
    const auto report = judged(audit);
    QCOMPARE(onlyFinding(report),
             (Expected{Weakness::RepeatedKey, {device("b", "GX-000002"), device("a", "GX-000001")}}));
    QCOMPARE(report.rsaKeys, std::size_t{2});
}

void TestKeyAudit::findsOnePointUnderTwoIds()
{
    const auto key = TestKey::ecc().publicKey();
    KeyAudit audit;
    audit.add(device("a"), key);
    audit.add(device("b"), key);
    audit.add(device("c"), TestKey::ecc().publicKey());
    QCOMPARE(onlyFinding(judged(audit)), (Expected{Weakness::RepeatedKey, {device("a"), device("b")}}));
}

/// An id that is derived from the key is the same in both.
void TestKeyAudit::findsOneKeyOfTwoSerialNumbersUnderOneId()
{
    KeyAudit audit;
    audit.add(device("a", "GX-000001"), m_good);
    audit.add(device("a", "GX-000002"), m_good);
    audit.add(device("c", "GX-000003"), m_other);
    const auto report = judged(audit);
    QCOMPARE(onlyFinding(report),
             (Expected{Weakness::RepeatedKey, {device("a", "GX-000001"), device("a", "GX-000002")}}));
    QCOMPARE(report.findings.front().detail, std::string{"one key has 2 serial numbers"});
    QCOMPARE(report.weakKeys, std::size_t{1});
}

void TestKeyAudit::countsIdsAndSerialNumbersOfAKey()
{
    KeyAudit audit;
    audit.add(device("a", "GX-000001"), m_good);
    audit.add(device("b", "GX-000002"), m_good);
    audit.add(device("b", "GX-000003"), m_good);
    const auto report = judged(audit);
    QCOMPARE(report.findings.size(), std::size_t{1});
    QCOMPARE(report.findings.front().detail, std::string{"one key has 2 registration ids and 3 serial numbers"});
}

void TestKeyAudit::takesASerialNumberThatNobodyKnowsForNone()
{
    KeyAudit audit;
    audit.add(device("a"), m_good);
    audit.add(device("a", "GX-000001"), m_good);
    audit.add(device("a", "GX-000001"), m_good);
    QVERIFY(judged(audit).findings.empty());
}

void TestKeyAudit::takesOneIdForOneDevice()
{
    KeyAudit audit;
    audit.add(device("dev-1", "GX-000001"), m_good);
    audit.add(device("DEV-1", "GX-000001"), m_good); // letter case does not tell ids apart
    const auto report = judged(audit);
    QVERIFY(report.findings.empty());
    QCOMPARE(report.entries, std::size_t{2});
    QCOMPARE(report.rsaKeys, std::size_t{1});
}

void TestKeyAudit::findsOneModulusWithTwoExponents()
{
    auto odd = m_good;
    odd.exponent = 3;
    KeyAudit audit;
    audit.add(device("a"), m_good);
    audit.add(device("b"), odd);
    const auto report = judged(audit);
    QCOMPARE(report.findings.size(), std::size_t{2});
    QCOMPARE(report.findings[0].weakness, Weakness::UnusualExponent);
    QCOMPARE(report.findings[1].weakness, Weakness::RepeatedKey);
    QCOMPARE(report.weakKeys, std::size_t{1});
}

void TestKeyAudit::doesNotSearchAModulusWithASmallFactor()
{
    KeyAudit audit;
    for (const auto* id : {"a", "b"}) {
        const auto prime = freshPrime(2047);
        BN_mul_word(prime.get(), 3);
        audit.add(device(id), keyOf(prime.get()));
    }
    const auto report = judged(audit);
    const auto shared = std::ranges::count(report.findings, Weakness::SharedFactor, &WeakKeyFinding::weakness);
    const auto small = std::ranges::count(report.findings, Weakness::SmallFactor, &WeakKeyFinding::weakness);
    QVERIFY(shared == 0 && small == 2);
}

void TestKeyAudit::tellsHowFarItIs()
{
    KeyAudit audit;
    audit.add(device("a"), m_good);
    audit.add(device("b"), m_other);
    std::vector<std::tuple<AuditStage, std::size_t, std::size_t>> told;
    QVERIFY(audit.judge([&](auto stage, auto done, auto total) { told.emplace_back(stage, done, total); }, {}).ok());
    QVERIFY(!told.empty());
    QCOMPARE(told.front(), std::tuple(AuditStage::EachKey, std::size_t{2}, std::size_t{2}));
    QCOMPARE(std::get<0>(told.back()), AuditStage::SharedFactors);
    QCOMPARE(std::get<1>(told.back()), std::get<2>(told.back()));
}

void TestKeyAudit::endsWhenAsked()
{
    KeyAudit audit;
    audit.add(device("a"), m_good);
    std::stop_source source;
    source.request_stop();
    const auto result = audit.judge({}, source.get_token());
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, DeviceCode::Cancelled);
}

QTEST_APPLESS_MAIN(TestKeyAudit)
#include "tst_key_audit.moc"
