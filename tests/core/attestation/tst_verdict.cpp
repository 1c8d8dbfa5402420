#include "core/attestation/certificate_findings.h"
#include "core/attestation/maker_findings.h"
#include "core/attestation/verdict.h"
#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "tests/support/ek_authority.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;

namespace {

const UtcTime kNow = utcNow();

const test::DeviceKeys& keys()
{
    static const auto value = test::WorkedChallenge{}.keys();
    return value;
}

const test::EkAuthority& authority()
{
    static const test::EkAuthority value;
    return value;
}

/// A genuine Infineon part with a trusted certificate for its own key.
AttestationFacts goodFacts(const test::EkCertificateOptions& options = {})
{
    AttestationFacts facts;
    facts.tpm = TpmIdentity{"IFX", 0x49465800, "SLB9670", "7.85.4555.0", 138, false};
    EndorsementKeyReading reading;
    reading.publicArea = marshalPublic(keys().endorsementKey.area);
    facts.endorsementKey = must(endorsementKeyEvidence(reading));

    const auto certificate = must(crypto::Certificate::fromDer(authority().issue(keys().endorsementKey.pem, options)));
    facts.certificatePath = crypto::judgePath(certificate, authority().anchors(), {}, kNow);
    EkCertificateEvidence evidence;
    evidence.der = certificate.der();
    evidence.matchesKey = true;
    evidence.path = facts.certificatePath->result;
    facts.endorsementKey->certificate = evidence;
    facts.possessionProven = true;
    return facts;
}

/// Everything the policy has to say, in the order of a run's steps.
std::vector<Finding> findingsOf(const AttestationFacts& facts, const AttestationPolicy& policy, UtcTime now)
{
    auto found = identityFindings(*facts.tpm, policy);
    std::ranges::move(certificateFindings(facts, policy, now), std::back_inserter(found));
    return found;
}

std::optional<Severity> severityOf(const std::vector<Finding>& findings, std::string_view id)
{
    const auto found = std::ranges::find(findings, id, &Finding::id);
    return found == findings.end() ? std::nullopt : knownIn(std::optional{found->severity});
}

std::optional<Severity> found(const AttestationFacts& facts, const AttestationPolicy& policy, std::string_view id)
{
    return severityOf(findingsOf(facts, policy, kNow), id);
}

Verdict verdictOn(const AttestationFacts& facts, const AttestationPolicy& policy)
{
    return judge(findingsOf(facts, policy, kNow));
}

Finding finding(Severity severity, std::optional<ErrorCode> code)
{
    return {"test", severity, "text", code};
}

} // namespace

class tst_verdict : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasNothingToSayAboutAGoodDevice() { QVERIFY(findingsOf(goodFacts(), {}, kNow).empty()); }

    void failsASoftwareTpmWhereNoneIsAllowed()
    {
        auto facts = goodFacts();
        facts.tpm->software = true;
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Fail, DeviceCode::SoftwareTpmRefused}));
    }

    void warnsOfASoftwareTpmThatIsAllowed()
    {
        auto facts = goodFacts();
        facts.tpm->software = true;
        AttestationPolicy policy;
        policy.allowSoftware = true;
        QCOMPARE(found(facts, policy, "software-tpm"), Severity::Warning);
        QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Pass, {}}));
    }

    void holdsAMakerThatIsNotListed()
    {
        AttestationPolicy policy;
        policy.allowedManufacturers = {"STM", "NTC"};
        QCOMPARE(verdictOn(goodFacts(), policy), (Verdict{Outcome::Hold, DeviceCode::ManufacturerNotAllowed}));
        policy.allowedManufacturers.push_back("IFX");
        QCOMPARE(verdictOn(goodFacts(), policy), (Verdict{Outcome::Pass, {}}));
    }

    void missingCertificateFollowsTheProfile_data()
    {
        QTest::addColumn<int>("rule");
        QTest::addColumn<int>("severity");
        const auto row = [](const char* name, OnFinding rule, Severity severity) {
            QTest::newRow(name) << static_cast<int>(rule) << static_cast<int>(severity);
        };
        row("accept", OnFinding::Accept, Severity::Info);
        row("warning", OnFinding::Warning, Severity::Warning);
        row("hold", OnFinding::Hold, Severity::Hold);
        row("fail", OnFinding::Fail, Severity::Fail);
    }
    void missingCertificateFollowsTheProfile()
    {
        QFETCH(int, rule);
        QFETCH(int, severity);
        auto facts = goodFacts();
        facts.endorsementKey->certificate.reset();
        AttestationPolicy policy;
        policy.onMissingCertificate = static_cast<OnFinding>(rule);
        QCOMPARE(found(facts, policy, "ek-certificate-missing"), static_cast<Severity>(severity));
    }

    void missingCertificateIsOnlyMentionedWhereNoneIsRequired()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate.reset();
        AttestationPolicy policy;
        policy.certificate = CertificateRequirement::None;
        policy.onMissingCertificate = OnFinding::Fail;
        QCOMPARE(found(facts, policy, "ek-certificate-missing"), Severity::Info);
    }

    void certificateOfAnotherKeyIsHeld()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate->matchesKey = false;
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Hold, DeviceCode::EkCertificateWrongKey}));
    }

    void unreadableCertificateIsHeld()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate.reset();
        facts.certificateFault = makeError(DeviceCode::EkCertificateMalformed, "not DER");
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Hold, DeviceCode::EkCertificateMalformed}));
        QVERIFY(!found(facts, {}, "ek-certificate-missing"));
    }

    void unknownIssuerWeighsAsMuchAsTheProfileWantsTrust()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate->path = crypto::PathResult::UnknownIssuer;
        AttestationPolicy policy;
        QCOMPARE(found(facts, policy, "ek-certificate-unknown-issuer"), Severity::Hold);
        policy.certificate = CertificateRequirement::Present;
        QCOMPARE(found(facts, policy, "ek-certificate-unknown-issuer"), Severity::Warning);
        policy.certificate = CertificateRequirement::None;
        QCOMPARE(found(facts, policy, "ek-certificate-unknown-issuer"), Severity::Info);
    }

    void unknownIssuerIsHeldAsUntrusted()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate->path = crypto::PathResult::UnknownIssuer;
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Hold, DeviceCode::EkCertificateUntrusted}));
    }

    /// What makers' authorities really have is graded by the profile, and never said to be forged.
    void notesOnThePathAreGraded()
    {
        struct Row {
            crypto::PathRemark remark;
            std::string_view id;
            Severity usual;
            DeviceCode code;
        };
        using R = crypto::PathRemark;
        using S = Severity;
        using C = DeviceCode;
        for (const auto& row :
             {Row{R::IssuerExpired, "ek-certificate-issuer-expired", S::Hold, C::EkCertificateExpired},
              Row{R::IssuerNotYetValid, "ek-certificate-issuer-not-yet-valid", S::Hold, C::EkCertificateExpired},
              Row{R::SmallIssuerKey, "ek-certificate-issuer-small-key", S::Hold, C::EkCertificateIssuerWeak},
              Row{R::Sha1Signature, "ek-certificate-sha1", S::Warning, C::EkCertificateIssuerWeak},
              Row{R::NoRevocationList, "ek-certificate-no-revocation-list", S::Info, C::EkCertificateRevocationUnknown},
              Row{R::OldRevocationList, "ek-certificate-revocation-list-old", S::Warning,
                  C::EkCertificateRevocationUnknown}}) {
            auto facts = goodFacts();
            facts.certificatePath->notes = {{row.remark, "the reason"}};
            AttestationPolicy policy;
            QCOMPARE(found(facts, policy, row.id), row.usual);
            policy.severities = {{std::string{row.id}, S::Info}};
            QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Pass, {}}));
            policy.severities = {{std::string{row.id}, S::Hold}};
            QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Hold, row.code}));
        }
    }

    void aRevokedCertificateFails()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate->path = crypto::PathResult::Invalid;
        facts.certificatePath->notes = {{crypto::PathRemark::Revoked, "the maker revoked it"}};
        AttestationPolicy policy;
        QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Fail, DeviceCode::EkCertificateRevoked}));
        QVERIFY(!found(facts, policy, "ek-certificate-path-invalid"));
        policy.certificate = CertificateRequirement::None;
        QCOMPARE(found(facts, policy, "ek-certificate-revoked"), Severity::Warning);
    }

    /// A forged signature, an issuer that is no authority: the issuer is known, and did not vouch for this.
    void invalidPathIsHeldAsInvalid()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate->path = crypto::PathResult::Invalid;
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Hold, DeviceCode::EkCertificateInvalid}));
    }

    /// Dates, use and issuer of such a certificate cannot be judged: it counts as one that cannot be read.
    void certificateThatDoesNotParseIsHeldWhateverItsPath()
    {
        auto facts = goodFacts();
        facts.endorsementKey->certificate->der.clear();
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Hold, DeviceCode::EkCertificateMalformed}));
        QCOMPARE(found(facts, {}, "ek-certificate-malformed"), Severity::Hold);
        AttestationPolicy policy;
        policy.certificate = CertificateRequirement::None;
        QCOMPARE(found(facts, policy, "ek-certificate-malformed"), Severity::Warning);
    }

    void expiredCertificateFollowsTheProfile()
    {
        const auto facts = goodFacts({.validFrom = std::chrono::days{-20}, .validUntil = std::chrono::days{-10}});
        AttestationPolicy policy;
        QCOMPARE(found(facts, policy, "ek-certificate-expired"), Severity::Warning);
        policy.onExpiredCertificate = OnFinding::Hold;
        QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Hold, DeviceCode::EkCertificateExpired}));
    }

    void holdsACertificateThatIsNotValidYet()
    {
        const auto facts = goodFacts({.validFrom = std::chrono::days{10}, .validUntil = std::chrono::days{20}});
        QCOMPARE(found(facts, {}, "ek-certificate-not-yet-valid"), Severity::Hold);
        QVERIFY(!found(facts, {}, "ek-certificate-expired"));
    }

    void holdsACertificateThatEndsBeforeItBegins()
    {
        const auto facts = goodFacts({.validFrom = std::chrono::days{20}, .validUntil = std::chrono::days{10}});
        QCOMPARE(found(facts, {}, "ek-certificate-dates"), Severity::Hold);
    }

    void warnsOfMissingEkUsage()
    {
        const auto facts = goodFacts({.extendedKeyUsage = ""});
        QCOMPARE(found(facts, {}, "ek-certificate-no-usage"), Severity::Warning);
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Pass, {}}));
    }

    /// Without usage, key usage and maker it could be any certificate that the maker's authority ever issued.
    void holdsACertificateThatNothingMakesAnEkCertificate()
    {
        const auto facts = goodFacts({.keyUsage = "", .extendedKeyUsage = "", .manufacturer = ""});
        QCOMPARE(found(facts, {}, "ek-certificate-bare"), Severity::Hold);
        QVERIFY(!found(goodFacts({.keyUsage = "", .extendedKeyUsage = ""}), {}, "ek-certificate-bare"));
    }

    void warnsOfTheKeyUsageOfAnotherAlgorithm()
    {
        const auto facts = goodFacts({.keyUsage = "critical,keyAgreement"});
        QCOMPARE(found(facts, {}, "ek-certificate-key-usage-odd"), Severity::Warning);
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Pass, {}}));
    }

    void aProfileSetsTheSeverityOfAnyFinding()
    {
        auto facts = goodFacts({.extendedKeyUsage = ""});
        AttestationPolicy policy;
        policy.severities = {{"ek-certificate-no-usage", Severity::Fail}};
        QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Fail, DeviceCode::EkCertificateNotOfAnEk}));
        policy.severities = {{"ek-certificate-no-usage", Severity::Info}};
        QCOMPARE(found(facts, policy, "ek-certificate-no-usage"), Severity::Info);
    }

    /// Only a path that does not hold may be a forger's. What makers leave out, or write for another use, is said as that.
    void onlyAPathThatDoesNotHoldMayBeForged()
    {
        for (const auto& row : findingCatalog()) {
            const bool isPath = row.id == "ek-certificate-path-invalid";
            QVERIFY2(isPath == (describe(row.code).instruction.find("forged") != std::string_view::npos),
                     row.id.data());
        }
        AttestationPolicy policy;
        policy.allowedManufacturers = {"IFX"};
        QCOMPARE(verdictOn(goodFacts({.manufacturer = ""}), policy),
                 (Verdict{Outcome::Hold, DeviceCode::EkCertificateNamesNoMaker}));
    }

    void everyFindingOfTheCatalogHasItsOwnRow()
    {
        std::set<std::string_view> ids;
        for (const auto& row : findingCatalog()) {
            QVERIFY2(ids.insert(row.id).second, row.id.data());
            QVERIFY(describe(row.code).verdict.has_value());
        }
    }

    void saysHowTheTpmStands()
    {
        TpmState state;
        QVERIFY(stateFindings(state, false, {}).empty());
        state.lockedOut = true;
        QCOMPARE(judge(stateFindings(state, false, {})), (Verdict{Outcome::Hold, DeviceCode::TpmLockedOut}));
        state = {};
        state.endorsementHierarchyOff = true;
        QCOMPARE(judge(stateFindings(state, false, {})), (Verdict{Outcome::Hold, DeviceCode::HierarchyOff}));
        state = {};
        state.ownerPassword = true;
        QCOMPARE(judge(stateFindings(state, false, {})).outcome, Outcome::Pass);
        AttestationPolicy shipState;
        shipState.severities = {{"tpm-password-set", Severity::Hold}};
        QCOMPARE(judge(stateFindings(state, false, shipState)),
                 (Verdict{Outcome::Hold, DeviceCode::TpmHierarchyLocked}));
    }

    void acceptsACertificateWithoutKeyUsageOrBasicConstraints()
    {
        QVERIFY(findingsOf(goodFacts({.basicConstraints = "", .keyUsage = ""}), {}, kNow).empty());
    }

    void holdsATrustedCertificateThatIsNoEkCertificate_data()
    {
        QTest::addColumn<test::EkCertificateOptions>("options");
        QTest::addColumn<std::string>("id");
        const auto row = [](const char* name, const test::EkCertificateOptions& options, const char* id) {
            QTest::newRow(name) << options << std::string{id};
        };
        row("issued for a server", {.extendedKeyUsage = "serverAuth"}, "ek-certificate-usage");
        row("issued for any use", {.extendedKeyUsage = "anyExtendedKeyUsage"}, "ek-certificate-usage");
        row("unreadable usage", {.extendedKeyUsage = "DER:0500"}, "ek-certificate-usage");
        row("the key signs", {.keyUsage = "critical,digitalSignature"}, "ek-certificate-key-usage");
        row("unreadable key usage", {.keyUsage = "DER:0500"}, "ek-certificate-key-usage");
        row("an authority", {.basicConstraints = "critical,CA:TRUE", .keyUsage = "keyEncipherment,keyCertSign"},
            "ek-certificate-authority");
        row("an authority that may not sign", {.basicConstraints = "critical,CA:TRUE"}, "ek-certificate-authority");
    }
    void holdsATrustedCertificateThatIsNoEkCertificate()
    {
        QFETCH(test::EkCertificateOptions, options);
        QFETCH(std::string, id);
        const auto facts = goodFacts(options);
        AttestationPolicy policy;
        QCOMPARE(found(facts, policy, id), Severity::Hold);
        const bool holds =
            facts.endorsementKey->certificate->path == crypto::PathResult::Trusted; // every extension is read
        const auto code = holds ? DeviceCode::EkCertificateNotOfAnEk : DeviceCode::EkCertificateInvalid;
        QCOMPARE(verdictOn(facts, policy), (Verdict{Outcome::Hold, code}));
        policy.certificate = CertificateRequirement::Present;
        QCOMPARE(found(facts, policy, id), Severity::Warning);
        policy.certificate = CertificateRequirement::None;
        QCOMPARE(found(facts, policy, id), Severity::Warning);
    }

    void acceptsTheEkUsageAmongOthers()
    {
        const auto facts = goodFacts(
            {.keyUsage = "keyEncipherment,dataEncipherment", .extendedKeyUsage = "critical,serverAuth,2.23.133.8.1"});
        QVERIFY(findingsOf(facts, {}, kNow).empty());
    }

    void holdsWhenCertificateAndTpmNameDifferentMakers()
    {
        const auto facts = goodFacts({.manufacturer = "id:53544D20"});
        QCOMPARE(found(facts, {}, "ek-certificate-manufacturer"), Severity::Hold);
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Hold, DeviceCode::ManufacturerNotAllowed}));
        QVERIFY(!found(goodFacts(), {}, "ek-certificate-manufacturer"));
        AttestationPolicy policy;
        policy.certificate = CertificateRequirement::Present;
        QCOMPARE(found(facts, policy, "ek-certificate-manufacturer"), Severity::Warning);
    }

    /// The TPM may say what it likes: the certificate's maker has to be listed, too.
    void holdsACertificateOfAMakerThatIsNotListed()
    {
        AttestationPolicy policy;
        policy.allowedManufacturers = {"IFX"};
        QCOMPARE(found(goodFacts({.manufacturer = "id:53544D20"}), policy, "manufacturer-not-allowed"), Severity::Hold);
        QCOMPARE(found(goodFacts({.manufacturer = ""}), policy, "ek-certificate-no-maker"), Severity::Hold);
        QVERIFY(!found(goodFacts(), policy, "manufacturer-not-allowed"));
    }

    void failsASoftwareTpmThatItsCertificateGivesAway()
    {
        auto facts = goodFacts({.manufacturer = "id:474F4F47"}); // Google's cloud
        facts.tpm->manufacturerId = 0x474F4F47;
        facts.tpm->software = false;
        QCOMPARE(verdictOn(facts, {}), (Verdict{Outcome::Fail, DeviceCode::SoftwareTpmRefused}));
    }

    void swtpmsPairOfMakersIsNoFindingWhereSoftwareIsAllowed()
    {
        auto facts = goodFacts({.manufacturer = "id:00001014"});
        facts.tpm = TpmIdentity{"IBM", 0x49424D00, "SW   TPM", "8217.4131.22.13878", 138, true};
        AttestationPolicy policy;
        policy.allowSoftware = true;
        QVERIFY(!found(facts, policy, "ek-certificate-manufacturer"));
        policy.allowedManufacturers = {"IFX"};
        facts.tpm->software = false; // what it says of itself is altered
        facts.tpm->manufacturer = "IFX";
        QVERIFY(!found(facts, policy, "manufacturer-not-allowed"));
        policy.allowSoftware = false;
        QCOMPARE(found(facts, policy, "ek-certificate-manufacturer"), Severity::Hold);
        QCOMPARE(found(facts, policy, "manufacturer-not-allowed"), Severity::Hold);
    }

    void noControlCharacterOfACertificateReachesAFinding()
    {
        const auto findings = findingsOf(goodFacts({.manufacturer = "\x1b[2Jx"}), {}, kNow);
        QCOMPARE(severityOf(findings, "ek-certificate-no-maker"), Severity::Warning);
        for (const auto& finding : findings) {
            QVERIFY(std::ranges::none_of(finding.text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
        }
    }

    void noFindingGrowsWithTheTextOfACertificate()
    {
        const auto findings = findingsOf(goodFacts({.manufacturer = std::string(16000, 'x')}), {}, kNow);
        QCOMPARE(severityOf(findings, "ek-certificate-no-maker"), Severity::Warning);
        QVERIFY(std::ranges::all_of(findings, [](const Finding& finding) { return finding.text.size() < 160; }));
    }

    void saysNothingOfACertificateBeforeAKeyWasRead()
    {
        auto facts = goodFacts();
        facts.endorsementKey.reset();
        QVERIFY(certificateFindings(facts, {}, kNow).empty());
    }

    void passesWithoutDecidingFindings()
    {
        const std::array findings{finding(Severity::Info, {}), finding(Severity::Warning, {})};
        QCOMPARE(judge(findings), (Verdict{Outcome::Pass, {}}));
        QCOMPARE(judge({}), (Verdict{Outcome::Pass, {}}));
    }

    void failOutranksAnEarlierHold()
    {
        const std::array findings{finding(Severity::Hold, DeviceCode::EkCertificateMissing),
                                  finding(Severity::Fail, DeviceCode::SoftwareTpmRefused)};
        QCOMPARE(judge(findings), (Verdict{Outcome::Fail, DeviceCode::SoftwareTpmRefused}));
    }

    void theFirstOfEqualsDecides()
    {
        const std::array findings{finding(Severity::Hold, DeviceCode::ManufacturerNotAllowed),
                                  finding(Severity::Hold, DeviceCode::EkCertificateMissing)};
        QCOMPARE(judge(findings), (Verdict{Outcome::Hold, DeviceCode::ManufacturerNotAllowed}));
    }

    /// What names another device is said before what is found of this one alone.
    void aDuplicateOutranksItsEquals()
    {
        const std::array findings{finding(Severity::Hold, DeviceCode::MayShowOtherKey),
                                  finding(Severity::Warning, HoldCode::EkEnrolledElsewhere),
                                  finding(Severity::Hold, HoldCode::TpmEnrolledElsewhere),
                                  finding(Severity::Hold, HoldCode::EnrolledOtherwise)};
        QCOMPARE(judge(findings), (Verdict{Outcome::Hold, HoldCode::TpmEnrolledElsewhere}));
    }

    void severitiesReadAsInTheRunDocument()
    {
        QCOMPARE(severityText(Severity::Info), std::string_view{"info"});
        QCOMPARE(severityText(Severity::Warning), std::string_view{"warning"});
        QCOMPARE(severityText(Severity::Hold), std::string_view{"hold"});
        QCOMPARE(severityText(Severity::Fail), std::string_view{"fail"});
    }
};

QTEST_GUILESS_MAIN(tst_verdict)
#include "tst_verdict.moc"
