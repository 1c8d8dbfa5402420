#include "core/base/device_code.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/app/chain/made_states.h"

#include <QTest>

#include <algorithm>

// A device in each state that it may come in, attested as a whole: verdict and code. What a TPM's response codes are
// called stands in tests/core/tpm/tst_tpm_states; states that begin in the middle of a run have tst_state_changes.

namespace enroll::test {
namespace {

using namespace attestation;
using C = DeviceCode;

constexpr auto kOtherCertificate = "0x1C00016"; ///< of the same TPM's P-384 key
constexpr auto kOfPlatform = "ppread|ppwrite|platformcreate|no_da";

Bytes paddedTo1600(const Bytes& der)
{
    auto padded = der;
    padded.resize(1600, std::byte{0xFF});
    return padded;
}

Bytes withHeader(const Bytes& der)
{
    ByteWriter header;
    header.u8(0x10).u8(0x01).u8(0x00).u16(static_cast<std::uint16_t>(der.size()));
    return concat({header.view(), der});
}

Bytes blank(const Bytes& der)
{
    return Bytes(der.size(), std::byte{0xFF});
}

Bytes zeroed(const Bytes& der)
{
    return Bytes(der.size());
}

Bytes halved(const Bytes& der)
{
    return toBytes(ByteView{der}.first(der.size() / 2));
}

Bytes text(const Bytes& /*der*/)
{
    return toBytes(asBytes("to be filled in by the maker"));
}

/// One bit of the signature, which ends the certificate.
Bytes forged(const Bytes& der)
{
    auto changed = der;
    changed.back() ^= std::byte{0x01};
    return changed;
}

void otherKeysCertificate(const SwtpmFixture& tpm)
{
    const auto other = contentOf(tpm, kOtherCertificate);
    run(tpm, {"tpm2_nvundefine", "-C", "p", kCertificate});
    define(tpm, kCertificate, other);
}

void nonceOfTheMaker(const SwtpmFixture& tpm)
{
    tpm.evict("0x81010001");
    define(tpm, "0x1C00003", Bytes(32, std::byte{0x5A}));
}

void oneWrongPassword(const SwtpmFixture& tpm)
{
    run(tpm, {"tpm2_nvdefine", "-C", "o", "-p", kSecret, "-s", "8", "-a", "authread|authwrite", "0x1800001"});
    if (tpm.tool({"tpm2_nvread", "-C", "0x1800001", "-P", "wrong", "0x1800001"}).exitCode == 0) {
        qFatal("a wrong password was taken");
    }
}

void lockedOut(const SwtpmFixture& tpm)
{
    run(tpm, {"tpm2_dictionarylockout", "-s", "-n", "1", "-t", "1000", "-l", "1000"});
    oneWrongPassword(tpm);
}

/// The tools leave nothing in a TPM when they end; these objects stay.
void fullOfObjects(const SwtpmFixture& tpm)
{
    for (int i = 0; i < 3; ++i) {
        run(tpm, {"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "left.ctx"});
    }
}

AttestationPolicy refusingSoftware()
{
    return {};
}

AttestationPolicy keepingBothKeys()
{
    auto policy = softwarePolicy();
    policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
    return policy;
}

AttestationPolicy otherMakersOnly()
{
    auto policy = softwarePolicy();
    policy.allowedManufacturers = {"IFX"};
    return policy;
}

AttestationPolicy holdingPasswords()
{
    auto policy = softwarePolicy();
    policy.severities = {{"tpm-password-set", Severity::Hold}};
    return policy;
}

AttestationPolicy holdingOwnSeeds()
{
    auto policy = softwarePolicy();
    policy.severities = {{"tpm-seed-not-makers", Severity::Hold}};
    return policy;
}

/// As the production profile, but for software TPMs.
AttestationPolicy shipping()
{
    auto policy = softwarePolicy();
    policy.shipState = ShipState{{{0x81010000, 0x8101FFFF}}, {}};
    return policy;
}

AttestationPolicy shippingIndex(std::uint32_t index)
{
    auto policy = shipping();
    policy.shipState->ownerIndices = {{index, index}};
    return policy;
}

AttestationPolicy shippingOfTemplate(EkTemplate kind)
{
    auto policy = shipping();
    policy.endorsementKey = {kind, EkChoice::Rule::OfTemplate};
    return policy;
}

AttestationPolicy wantingFirmware(const FirmwareVersion& oldest)
{
    auto policy = softwarePolicy();
    policy.oldestFirmware = {{"IBM", oldest}};
    return policy;
}

struct StateRow {
    const char* name;
    Make make;
    std::optional<C> code = {}; ///< its catalog row says FAIL or HOLD; absent: PASS
    const char* finding = "";   ///< one that the run has, if any
    AttestationPolicy policy = softwarePolicy();
    bool trusted = true;                ///< whether the station trusts the TPM's maker
    std::vector<std::string> says = {}; ///< words that the error or a finding has, each of them
};

bool says(const AttestationReport& report, const std::string& words)
{
    const auto has = [&words](const std::string& text) { return text.find(words) != std::string::npos; };
    return (report.error && has(report.error->what)) || std::ranges::any_of(report.findings, has, &Finding::text);
}

const std::vector<std::string> kSigning{"-G", "rsa2048:rsassa-sha256:null", "-a",
                                        "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign"};
const std::vector<std::string> kStorage{"-G", "ecc"};

const std::string kPolicy{"some.policy"};

/// A storage key for which kPolicy is the policy.
std::vector<std::string> storageKeyWith(const std::string& attributes)
{
    return {"-G",    "ecc", "-L",
            kPolicy, "-a",  "fixedtpm|fixedparent|sensitivedataorigin|restricted|decrypt" + attributes};
}

const auto kMakesPolicy = tools({{"tpm2_createpolicy", "--policy-pcr", "-l", "sha256:0", "-L", kPolicy}});

/// Somebody else's keys at each handle that the TPM has memory for, and neither key of the device's own.
void fullOfPersistentObjects(const SwtpmFixture& tpm)
{
    tpm.evict("0x81010001");
    run(tpm, {"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "key.ctx"}); // and stays loaded
    constexpr std::uint32_t kFirst = 0x81000200;
    constexpr std::uint32_t kMost = 1000;
    for (auto handle = kFirst; handle < kFirst + kMost; ++handle) {
        const auto kept = tpm.tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "0x80000000", handleText(handle)});
        if (kept.exitCode != 0) {
            run(tpm, {"tpm2_flushcontext", "-t"});
            return;
        }
    }
    qFatal("the software TPM does not get full");
}

std::vector<StateRow> keyStates()
{
    return {
        {"as it was made", tools({})},
        {"key not persistent", [](const auto& tpm) { tpm.evict("0x81010001"); }, {}, "ek-not-persistent"},
        {"storage key persistent", persistent("o", kStorage, "0x81000001")},
        {"signing key where the storage key belongs", persistent("o", kSigning, "0x81000001"), C::NotAsShipped},
        {"signing key where the endorsement key belongs", persistent("e", kSigning, "0x81010001"), C::NotAsShipped},
        {"owner's key where the endorsement key belongs", persistent("o", {"-G", "rsa"}, "0x81010001"),
         C::EkCertificateWrongKey, "ek-certificate-wrong-key"},
        {"key without a certificate where the endorsement key belongs", persistent("e", kStorage, "0x81010001"),
         C::EkCertificateMissing, "ek-certificate-missing"},
        {"cleared", tools({{"tpm2_clear", "-c", "p"}})},
        {"made its endorsement seed anew", tools({{"tpm2_changeeps"}}), C::EkCertificateWrongKey,
         "ek-certificate-wrong-key"},
        {"made its endorsement seed anew where that is held", // the seed says why, and comes first
         tools({{"tpm2_changeeps"}}), C::SeedNotMakers, "ek-certificate-wrong-key", holdingOwnSeeds()},
        {"seed of its own", tools({}), {}, "tpm-seed-not-makers"}, // as every software TPM
        {"seed of its own where that is held", tools({}), C::SeedNotMakers, "tpm-seed-not-makers", holdingOwnSeeds()},
        {"made its platform seed anew", tools({{"tpm2_changepps"}})},
        {"nonce of the maker, for another key", nonceOfTheMaker, C::EkCertificateWrongKey},
        {"full of objects", fullOfObjects},
        {.name = "storage key whose ADMIN role is a policy's",
         .make = both(kMakesPolicy, persistent("o", storageKeyWith("|userwithauth|adminwithpolicy"), "0x81000001")),
         .code = C::NotAsShipped,
         .says = {"the storage root key at 0x81000001 can only be used by a policy"}},
        {.name = "storage key without a password of its own",
         .make = both(kMakesPolicy, persistent("o", storageKeyWith(""), "0x81000001")),
         .code = C::NotAsShipped,
         .says = {"the storage root key at 0x81000001 can only be used by a policy"}},
        {.name = "storage key that may leave the TPM",
         .make =
             persistent("o", {"-G", "ecc", "-a", "sensitivedataorigin|userwithauth|restricted|decrypt"}, "0x81000001"),
         .code = C::NotAsShipped,
         .says = {"evict it"}},
        {.name = "endorsement key with a policy of somebody's own",
         .make = both(kMakesPolicy, persistent("e", storageKeyWith("|adminwithpolicy"), "0x81010001")),
         .code = C::NotAsShipped,
         .says = {"the endorsement key can only be used by a policy"}},
        {.name = "full of persistent objects",
         .make = fullOfPersistentObjects,
         .code = C::NotAsShipped,
         .policy = keepingBothKeys(),
         .says = {"no memory left to keep a key in"}},
        {"counters and clock moved on",
         tools({{"tpm2_setclock", "1000000000"}, {"tpm2_pcrextend", "8:sha256=" + std::string(64, 'a')}})},
    };
}

std::vector<StateRow> certificateStates()
{
    return {
        {"no certificate", tools({{"tpm2_nvundefine", "-C", "p", kCertificate}}), C::EkCertificateMissing,
         "ek-certificate-missing"},
        {"blank certificate", certificate(blank), C::EkCertificateMissing},
        {"zeroed certificate", certificate(zeroed), C::EkCertificateMissing},
        {.name = "certificate never written",
         .make = tools({{"tpm2_nvundefine", "-C", "p", kCertificate},
                        {"tpm2_nvdefine", "-C", "p", "-s", "900", "-a", kReadable, kCertificate}}),
         .code = C::EkCertificateMissing,
         .says = {"0x01c00002 is there, and nothing was ever written to it"}},
        {"certificate padded", certificate(paddedTo1600)},
        {"certificate behind a header", certificate(withHeader)},
        {"half a certificate", certificate(halved), C::EkCertificateMalformed},
        {"words for a certificate", certificate(text), C::EkCertificateMalformed},
        {"forged certificate", certificate(forged), C::EkCertificateInvalid},
        {"another key's certificate", otherKeysCertificate, C::EkCertificateWrongKey},
        {.name = "certificate only the platform reads",
         .make = certificate(unchanged, kOfPlatform),
         .code = C::EkCertificateMalformed,
         .says = {"gives only the platform hierarchy the right to read"}},
        {.name = "certificate only the platform reads, which is switched off",
         .make = both(certificate(unchanged, kOfPlatform),
                      tools({{"tpm2_hierarchycontrol", "-C", "p", "phEnable", "clear"}})),
         .code = C::EkCertificateMalformed,
         .says = {"gives only the platform hierarchy the right to read"}},
        {.name = "certificate only the platform reads, which has a password",
         .make = both(certificate(unchanged, kOfPlatform), tools({{"tpm2_changeauth", "-c", "p", kSecret}})),
         .code = C::EkCertificateMalformed,
         .says = {"gives only the platform hierarchy the right to read"}},
        {.name = "certificate only a policy reads",
         .make = certificate(unchanged, "policyread|ppwrite|platformcreate|no_da"),
         .code = C::EkCertificateMalformed,
         .says = {"gives only a policy the right to read"}},
        {.name = "certificate locked against reading",
         .make = both(certificate(unchanged, "ownerread|authread|ppread|ppwrite|platformcreate|no_da|read_stclear"),
                      tools({{"tpm2_nvreadlock", "-C", "o", kCertificate}})),
         .code = C::EkCertificateMalformed,
         .says = {"locked against reading: switch the device off and on"}},
        {"maker not trusted", tools({}), C::EkCertificateUntrusted, "ek-certificate-unknown-issuer", softwarePolicy(),
         false},
        {"software TPM where none is allowed", tools({}), C::SoftwareTpmRefused, "software-tpm", refusingSoftware()},
        {"maker not in the profile", tools({}), C::ManufacturerNotAllowed, "manufacturer-not-allowed",
         otherMakersOnly()},
    };
}

std::vector<StateRow> ownedStates()
{
    const auto ownerPassword = tools({{"tpm2_changeauth", "-c", "o", kSecret}});
    return {
        {"owner's password", ownerPassword, C::TpmHierarchyLocked, "tpm-password-set"},
        {"owner's password, storage key persistent",
         both(persistent("o", kStorage, "0x81000001"), ownerPassword),
         {},
         "tpm-password-set"},
        {.name = "owner's password, certificate that the platform reads as well",
         .make = both(both(persistent("o", kStorage, "0x81000001"),
                           certificate(unchanged, "ownerread|ppread|ppwrite|platformcreate")),
                      ownerPassword),
         .finding = "tpm-password-set"},
        {"owner's password where it is held", both(persistent("o", kStorage, "0x81000001"), ownerPassword),
         C::TpmHierarchyLocked, "tpm-password-set", holdingPasswords()},
        {"endorsement password", tools({{"tpm2_changeauth", "-c", "e", kSecret}}), C::TpmHierarchyLocked},
        {"lockout password", tools({{"tpm2_changeauth", "-c", "l", kSecret}}), {}, "tpm-password-set"},
        {"one wrong password", oneWrongPassword},
        {"locked out", lockedOut, C::TpmLockedOut, "tpm-locked-out"},
        {"endorsement hierarchy off", tools({{"tpm2_hierarchycontrol", "-C", "p", "ehEnable", "clear"}}),
         C::HierarchyOff, "tpm-hierarchy-off"},
        {"storage hierarchy off", tools({{"tpm2_hierarchycontrol", "-C", "p", "shEnable", "clear"}}), C::HierarchyOff,
         "tpm-hierarchy-off"},
        {.name = "NV indices of the platform off",
         .make = tools({{"tpm2_hierarchycontrol", "-C", "p", "phEnableNV", "clear"}}),
         .code = C::EkCertificateMalformed,
         .says = {"switch them on in the firmware setup"}},
        {"platform hierarchy off", tools({{"tpm2_hierarchycontrol", "-C", "p", "phEnable", "clear"}})},
    };
}

/// Which of the four passwords is set, and which two.
std::vector<StateRow> passwordStates()
{
    const auto password = [](const char* whose) { return tools({{"tpm2_changeauth", "-c", whose, kSecret}}); };
    const auto owner = password("o");
    const auto endorsement = password("e");
    const auto lockout = password("l");
    const auto platform = password("p"); // of which no property of the TPM tells
    const auto forPlatform = certificate(unchanged, kOfPlatform);
    const auto withStorageKey = persistent("o", kStorage, "0x81000001");
    const auto set = [](const std::string& holders) { return "A password is set for " + holders + ":"; };
    const auto row = [](const char* name, Make make, std::optional<C> code, std::vector<std::string> says) {
        return StateRow{.name = name, .make = std::move(make), .code = code, .says = std::move(says)};
    };
    const std::string onlyPlatform = "gives only the platform hierarchy the right to read";
    const auto refused = C::TpmHierarchyLocked;
    return {
        row("password: owner", owner, refused, {set("the owner hierarchy")}),
        row("password: endorsement", endorsement, refused, {set("the endorsement hierarchy")}),
        row("password: lockout", lockout, {}, {set("the lockout hierarchy")}),
        row("password: platform, where nobody needs it", platform, {}, {}),
        row("password: platform", both(forPlatform, platform), C::EkCertificateMalformed,
            {onlyPlatform + ", for which a password is set", "ask the device's maker"}),
        row("password: none, and only the platform reads", forPlatform, C::EkCertificateMalformed,
            {onlyPlatform + ": ask the device's maker"}),
        row("password: owner and endorsement", both(owner, endorsement), refused,
            {set("the owner hierarchy and the endorsement hierarchy")}),
        row("password: owner and lockout", both(owner, lockout), refused,
            {set("the owner hierarchy and the lockout hierarchy")}),
        row("password: endorsement and lockout", both(endorsement, lockout), refused,
            {set("the endorsement hierarchy and the lockout hierarchy")}),
        row("password: owner and platform",
            both(both(withStorageKey, certificate(unchanged, "ownerread|ppread|ppwrite|platformcreate")),
                 both(owner, platform)),
            refused,
            {"the platform hierarchy may read it as well, and a password is set for that one",
             "; a password is set for the owner hierarchy"}),
        row("password: endorsement and platform", both(forPlatform, both(endorsement, platform)), refused,
            {onlyPlatform + ", for which a password is set", set("the endorsement hierarchy")}),
        row("password: lockout and platform", both(forPlatform, both(lockout, platform)), C::EkCertificateMalformed,
            {onlyPlatform + ", for which a password is set", set("the lockout hierarchy")}),
        row("password: the index's own and platform",
            both(both(certificate(unchanged, "authread|ppread|ppwrite|platformcreate"), oneWrongPassword), platform),
            C::EkCertificateMalformed,
            {"its own password and the platform hierarchy, for which a password is set as well"}),
    };
}

/// The gate at the end of the line: a TPM that somebody owned, or left something in, is held.
std::vector<StateRow> shipStates()
{
    const auto password = [](const char* whose) { return tools({{"tpm2_changeauth", "-c", whose, kSecret}}); };
    const auto index = [](const char* hierarchy, const char* handle) {
        return tools({{"tpm2_nvdefine", "-C", hierarchy, "-s", "8", handle}});
    };
    const auto withStorageKey = persistent("o", kStorage, "0x81000001");
    return {
        {"ships: as it was made", tools({}), {}, "", shipping()},
        {"ships: storage key persistent", withStorageKey, {}, "", shipping()},
        {"ships: another object", persistent("o", kStorage, "0x81000002"), C::NotAsShipped, "tpm-foreign-object",
         shipping()},
        {.name = "ships: an identity of a device SDK",
         .make = persistent("o", kStorage, "0x81000100"),
         .code = C::NotAsShipped,
         .finding = "tpm-foreign-object",
         .policy = shipping(),
         .says = {"At 0x81000100 lies the identity"}},
        {"ships: another key where the enrolled one belongs", persistent("o", {"-G", "rsa"}, "0x81010001"),
         C::NotAsShipped, "tpm-foreign-object", shippingOfTemplate(EkTemplate::TcgL1)},
        {"ships: the enrolled key where it belongs", tools({}), {}, "", shippingOfTemplate(EkTemplate::TcgL1)},
        {"ships: another key where device SDKs look", persistent("o", {"-G", "rsa"}, "0x81010001"), C::NotAsShipped,
         "tpm-foreign-object", shippingOfTemplate(EkTemplate::TcgH3)},
        {"ships: a certified key where device SDKs look", tools({}), {}, "", shippingOfTemplate(EkTemplate::TcgH3)},
        {"ships: an object of the platform", persistent("p", kStorage, "0x81800001"), {}, "", shipping()},
        {"ships: an owner's index", index("o", "0x1800001"), C::NotAsShipped, "tpm-foreign-index", shipping()},
        {"ships: an owner's index in the range of a maker", index("o", "0x1400100"), C::NotAsShipped,
         "tpm-foreign-index", shipping()},
        {"ships: an owner's index in the range of the TPM's maker", index("o", "0x1000001"), C::NotAsShipped,
         "tpm-foreign-index", shipping()},
        {"ships: an owner's index that the profile names", index("o", "0x1400100"), {}, "", shippingIndex(0x01400100)},
        {"ships: an index of the platform", index("p", "0x1400001"), {}, "", shipping()},
        {"ships: owner's password", both(withStorageKey, password("o")), C::TpmHierarchyLocked, "tpm-password-set",
         shipping()},
        {"ships: lockout password", password("l"), C::TpmHierarchyLocked, "tpm-password-set", shipping()},
        {"ships: locked out", lockedOut, C::TpmLockedOut, "tpm-locked-out", shipping()},
        {"ships: tries",
         both(oneWrongPassword, tools({{"tpm2_nvundefine", "-C", "o", "0x1800001"}})),
         {},
         "tpm-failed-tries",
         shipping()},
        {"firmware as it is wanted", tools({}), {}, "", wantingFirmware({1, 0, 0, 0})},
        {"firmware too old", tools({}), C::FirmwareTooOld, "tpm-firmware-old", wantingFirmware({65535, 0, 0, 0})},
    };
}

} // namespace

class tst_device_states : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        for (auto rows : {keyStates(), certificateStates(), ownedStates(), passwordStates(), shipStates()}) {
            std::ranges::move(rows, std::back_inserter(m_rows));
        }
    }

    void hasItsVerdict_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(m_rows); ++row) {
            QTest::newRow(m_rows[static_cast<std::size_t>(row)].name) << row;
        }
    }
    void hasItsVerdict()
    {
        QFETCH(const int, row);
        const auto& state = m_rows[static_cast<std::size_t>(row)];
        const SwtpmFixture tpm;
        state.make(tpm);
        const auto report = attestAt(tpm.address(), state.trusted ? tpm.anchors() : crypto::TrustStore{}, state.policy);
        const Verdict wanted =
            state.code ? Verdict{*describe(*state.code).verdict, ErrorCode{*state.code}} : Verdict{Outcome::Pass, {}};
        QVERIFY2(report.verdict == wanted, textOf(report).c_str());
        const auto found = std::ranges::find(report.findings, std::string{state.finding}, &Finding::id);
        QVERIFY2(*state.finding == '\0' || found != report.findings.end(), state.finding);
        for (const auto& words : state.says) {
            QVERIFY2(says(report, words), words.c_str());
        }
        QCOMPARE(flushEverything(tpm.address()), tpm::LoadedHandles{});
    }

private:
    std::vector<StateRow> m_rows;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_device_states)
#include "tst_device_states.moc"
