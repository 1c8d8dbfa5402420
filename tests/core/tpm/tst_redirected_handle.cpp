#include "core/attestation/attest_device.h"
#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <algorithm>
#include <utility>

// A part on the line that alters no answer and puts another object in the place of the one that a command names: the HMAC
// of a session covers names, not handles.

namespace enroll::test {
namespace {

using namespace attestation;
using namespace tpm::command_code;
using C = DeviceCode;

constexpr std::uint32_t kEccHandle = 0x81010016; ///< swtpm's P-384 key
constexpr std::uint32_t kNothingThere = 0x810100F0;
constexpr std::size_t kHandles = tpm::kHeaderSize;

std::uint32_t fieldAt(const Bytes& frame, std::size_t offset)
{
    return must(ByteReader{ByteView{frame}.subspan(offset)}.u32("field"));
}

constexpr std::uint32_t kOwner = 0x40000001;
constexpr std::uint32_t kEndorsement = 0x4000000B;

/// A command with a password session, whose password is empty.
Bytes authorized(std::uint32_t code, std::initializer_list<std::uint32_t> handles, ByteView parameters)
{
    constexpr std::uint32_t kPassword = 0x40000009;
    ByteWriter body;
    for (const auto handle : handles) {
        body.u32(handle);
    }
    body.u32(9).u32(kPassword).u16(0).u8(0).u16(0).bytes(parameters);
    ByteWriter frame;
    frame.u16(tpm::kTagSessions).u32(static_cast<std::uint32_t>(tpm::kHeaderSize + body.view().size()));
    frame.u32(code).bytes(body.view());
    return std::move(frame).take();
}

Bytes making(std::uint32_t hierarchy, const PublicArea& area)
{
    ByteWriter parameters;
    parameters.u16(4).u16(0).u16(0).bytes(marshalPublic(area)).u16(0).u32(0);
    return authorized(kCreatePrimary, {hierarchy}, parameters.view());
}

Bytes flushing(std::uint32_t handle)
{
    ByteWriter frame;
    frame.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize + 4).u32(kFlushContext).u32(handle);
    return std::move(frame).take();
}

/// TPM2_CreatePrimary of the template L-1: the key that the maker certified.
Bytes makingTheCertifiedKey()
{
    return making(kEndorsement, ekTemplateArea(*findEkRow(EkTemplate::TcgL1)));
}

bool usesKey(const Bytes& command)
{
    const auto code = fieldAt(command, 6);
    return code == kReadPublic || code == kStartAuthSession || code == kActivateCredential;
}

/// The command with \p handle for each \p from among its two handles.
Bytes redirected(Bytes command, std::uint32_t handle, std::uint32_t from = kDeviceSdkHandle)
{
    for (const auto offset : {kHandles, kHandles + 4}) {
        if (offset + 4 <= command.size() && fieldAt(command, offset) == from) {
            std::ranges::copy(ByteWriter{}.u32(handle).view(), command.begin() + static_cast<std::ptrdiff_t>(offset));
        }
    }
    return command;
}

/// Has the TPM make the certified key, and uses it wherever the station names the key at kDeviceSdkHandle.
RelayBehaviour showingAKeyOfItsOwn()
{
    return {.instead = {},
            .reply = {},
            .heard = {},
            .forwarded = [made = std::uint32_t{0}](Bytes command, const AskTpm& ask) mutable {
                const auto meant = usesKey(command) ? redirected(command, made) : command;
                if (meant == command) {
                    return command;
                }
                if (made == 0) {
                    made = fieldAt(ask(makingTheCertifiedKey()), tpm::kHeaderSize);
                }
                return redirected(command, made);
            }};
}

/// True for TPM2_GetCapability that lists the transient objects.
bool listsObjects(const Bytes& command)
{
    constexpr std::size_t kParameters = 12; // capability, first and count stand at the end
    constexpr std::uint32_t kCapabilityHandles = 1;
    constexpr std::uint32_t kFirstTransient = 0x80000000;
    const auto parameters = command.size() - kParameters;
    return fieldAt(command, 6) == kGetCapability && fieldAt(command, parameters) == kCapabilityHandles &&
           fieldAt(command, parameters + 4) == kFirstTransient;
}

/// Likewise, and says at the beginning that an object is loaded of which the TPM knows nothing, so that it refuses the flush.
RelayBehaviour showingAKeyOfItsOwnAndClaimingALeftover()
{
    constexpr std::uint32_t kClaimed = 0x80000009;
    const auto asked = std::make_shared<bool>(false);
    auto behaviour = showingAKeyOfItsOwn();
    behaviour.heard = [asked](const Bytes& command) {
        const bool inTheClear = ByteReader{command}.u16("tag").value() == tpm::kTagNoSessions;
        *asked = inTheClear && fieldAt(command, 6) == kGetCapability && listsObjects(command);
    };
    behaviour.reply = [asked](std::uint32_t, Bytes response) {
        if (*asked) {
            ByteWriter list;
            list.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize + 13).u32(0).u8(0).u32(1).u32(1).u32(kClaimed);
            response = std::move(list).take();
        }
        return RelayReply{std::move(response)};
    };
    return behaviour;
}

/// Likewise, and takes its key out of the TPM while the station has the loaded objects listed.
RelayBehaviour showingAKeyOfItsOwnAndHidingIt()
{
    return {.instead = {},
            .reply = {},
            .heard = {},
            .forwarded = [made = std::uint32_t{0}](Bytes command, const AskTpm& ask) mutable {
                if (made != 0 && fieldAt(command, 6) == kGetCapability && listsObjects(command)) {
                    ask(flushing(std::exchange(made, 0)));
                }
                if (!usesKey(command) || redirected(command, 0) == command) {
                    return command;
                }
                if (made == 0) {
                    made = fieldAt(ask(makingTheCertifiedKey()), tpm::kHeaderSize);
                }
                return redirected(std::move(command), made);
            }};
}

/// Shows what lies at \p other where the station asks for the key at \p from.
RelayBehaviour showingTheOtherHandle(int times, std::uint32_t other = kEccHandle, std::uint32_t from = kDeviceSdkHandle)
{
    return {
        .instead = {}, .reply = {}, .heard = {}, .forwarded = [=, left = times](Bytes command, const AskTpm&) mutable {
            const bool meant = fieldAt(command, 6) == kReadPublic && fieldAt(command, kHandles) == from;
            return meant && left-- > 0 ? redirected(std::move(command), other, from) : command;
        }};
}

/// Has the TPM keep its storage root key at another handle, and uses that one wherever the station names the usual.
RelayBehaviour keepingTheStorageRootKeyElsewhere()
{
    return {
        .instead = {}, .reply = {}, .heard = {}, .forwarded = [kept = false](Bytes command, const AskTpm& ask) mutable {
            constexpr std::uint32_t kElsewhere = 0x81000002;
            if (!kept) {
                const auto made = fieldAt(ask(making(kOwner, storageRootKeyTemplate())), tpm::kHeaderSize);
                ask(authorized(kEvictControl, {kOwner, made}, ByteWriter{}.u32(kElsewhere).view()));
                ask(flushing(made));
                kept = true;
            }
            const auto code = fieldAt(command, 6);
            const bool usesKey = code == kReadPublic || code == kActivateCredential || code == kImport || code == kLoad;
            return usesKey ? redirected(std::move(command), kElsewhere, kStorageRootKeyAt) : command;
        }};
}

void run(const SwtpmFixture& tpm, const std::vector<std::string>& command)
{
    if (const auto output = tpm.tool(command); output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

} // namespace

class tst_redirected_handle : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aKeyOfTheLineIsNoPersistentOne_data()
    {
        QTest::addColumn<bool>("foreignKey");
        QTest::addColumn<bool>("shipState");
        QTest::newRow("over a foreign key") << true << true;
        QTest::newRow("over a foreign key, where nobody looks at how it ships") << true << false;
        QTest::newRow("over a free handle") << false << true;
        QTest::newRow("over a free handle, where nobody looks at how it ships") << false << false;
    }
    void aKeyOfTheLineIsNoPersistentOne()
    {
        QFETCH(const bool, foreignKey);
        QFETCH(const bool, shipState);
        const SwtpmFixture tpm;
        tpm.evict("0x81010001");
        if (foreignKey) {
            addForeignKey(tpm);
        }
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgL1, EkChoice::Rule::AtHandle};
        if (shipState) {
            policy.shipState = ShipState{{{0x81010000, 0x8101FFFF}}, {}};
        }
        const TpmRelay relay{tpm.address(), showingAKeyOfItsOwn()};
        const auto report = attest(relay.address(), tpm, policy);
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
    }

    /// What was said to be loaded before, in the clear, makes no room for a key of the line.
    void aClaimedLeftoverHidesNoKeyOfTheLine()
    {
        const SwtpmFixture tpm;
        tpm.evict("0x81010001");
        addForeignKey(tpm);
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgL1, EkChoice::Rule::AtHandle};
        const TpmRelay relay{tpm.address(), showingAKeyOfItsOwnAndClaimingALeftover()};
        const auto report = attest(relay.address(), tpm, policy);
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QVERIFY2(report.error->what.find("switch the device off and on") != std::string::npos,
                 report.error->what.c_str());
    }

    /// What remains: the list of loaded objects is a look at one moment. Whoever can do this can as well keep the key at its
    /// handle by the owner's empty password, and evict it after the test. It is this TPM's key that is enrolled all the same.
    void aKeyThatIsTakenOutWhileObjectsAreListedIsNotSeen()
    {
        const SwtpmFixture tpm;
        const auto certified = attest(tpm.address(), tpm, {}).facts.endorsementKey->publicArea;
        tpm.evict("0x81010001");
        addForeignKey(tpm);
        AttestationPolicy policy;
        policy.shipState = ShipState{{{0x81010000, 0x8101FFFF}}, {}};
        const TpmRelay relay{tpm.address(), showingAKeyOfItsOwnAndHidingIt()};
        const auto report = attest(relay.address(), tpm, policy);
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QCOMPARE(report.facts.endorsementKey->publicArea, certified);
    }

    /// A profile that wants the storage root key persistent means the handle where device SDKs look for it.
    void aStorageRootKeyElsewhereIsNotTheOneToBeKept()
    {
        const SwtpmFixture tpm;
        AttestationPolicy policy;
        policy.persistAfterPass.storageRootKey = Persistence::PersistIfAbsent;
        const TpmRelay relay{tpm.address(), keepingTheStorageRootKeyElsewhere()};
        QCOMPARE(attest(relay.address(), tpm, policy).verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
        QVERIFY(tpm.persistentHandles().find("0x81000001") == std::string::npos);
    }

    void aKeyBesideTheEnrolledOneIsAskedForUnderProtection()
    {
        const SwtpmFixture tpm;
        tpm.evict("0x81010001");
        addForeignKey(tpm);
        auto policy = shippingP384();
        const TpmRelay relay{tpm.address(), showingAKeyOfItsOwn()};
        QCOMPARE(attest(relay.address(), tpm, policy).verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
    }

    /// The enrolled key shows at two handles. Which is a copy, and which is another key, no command tells.
    void theEnrolledKeyIsNoExcuseForAnotherHandle_data()
    {
        QTest::addColumn<int>("times");
        QTest::newRow("once") << 1;
        QTest::newRow("always") << INT_MAX;
    }
    void theEnrolledKeyIsNoExcuseForAnotherHandle()
    {
        QFETCH(const int, times);
        const SwtpmFixture tpm;
        tpm.evict("0x81010001");
        addForeignKey(tpm);
        QCOMPARE(attest(tpm.address(), tpm, shippingP384()).verdict, (Verdict{Outcome::Hold, C::NotAsShipped}));
        const TpmRelay relay{tpm.address(), showingTheOtherHandle(times)};
        const auto verdict = attest(relay.address(), tpm, shippingP384()).verdict;
        QVERIFY(verdict.outcome != Outcome::Pass);
        QVERIFY(verdict.code == ErrorCode{C::NotAsShipped} || verdict.code == ErrorCode{C::AnswersChanged});
    }

    /// A key that is said not to be there stands in the list of what lies in the TPM, which no line can alter.
    void aKeyThatIsHiddenIsTold_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("rule");
        QTest::addColumn<bool>("foreignKey");
        QTest::addColumn<bool>("shipState");
        for (const bool shipState : {true, false}) {
            const auto row = [shipState](const char* name, EkTemplate kind, EkChoice::Rule rule, bool foreignKey) {
                QTest::addRow("%s%s", name, shipState ? "" : ", where nobody looks at how it ships")
                    << static_cast<int>(kind) << static_cast<int>(rule) << foreignKey << shipState;
            };
            row("the enrolled one, at its handle", EkTemplate::TcgL1, EkChoice::Rule::AtHandle, false);
            row("the enrolled one, of the template", EkTemplate::TcgL1, EkChoice::Rule::OfTemplate, false);
            row("another at the enrolled one's handle", EkTemplate::TcgL1, EkChoice::Rule::OfTemplate, true);
            row("another where device SDKs look", EkTemplate::TcgH3, EkChoice::Rule::OfTemplate, true);
        }
    }
    void aKeyThatIsHiddenIsTold()
    {
        QFETCH(const int, kind);
        QFETCH(const int, rule);
        QFETCH(const bool, foreignKey);
        QFETCH(const bool, shipState);
        const SwtpmFixture tpm;
        if (foreignKey) {
            tpm.evict("0x81010001");
            addForeignKey(tpm);
        }
        auto policy = shippingP384();
        policy.endorsementKey = {static_cast<EkTemplate>(kind), static_cast<EkChoice::Rule>(rule)};
        if (!shipState) {
            policy.shipState.reset();
            policy.severities = {{"ek-other-at-handle", Severity::Hold}, {"ek-not-persistent", Severity::Hold}};
        }
        const auto held = shipState ? C::NotAsShipped : C::MayShowOtherKey;
        const auto honest = foreignKey ? Verdict{Outcome::Hold, held} : Verdict{Outcome::Pass, {}};
        QCOMPARE(attest(tpm.address(), tpm, policy).verdict, honest);
        const TpmRelay relay{tpm.address(), showingTheOtherHandle(INT_MAX, kNothingThere)};
        QCOMPARE(attest(relay.address(), tpm, policy).verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// One that no device can use: the station would make another in its place.
    void aStorageRootKeyThatIsHiddenIsTold_data()
    {
        QTest::addColumn<bool>("shipState");
        QTest::newRow("as it ships") << true;
        QTest::newRow("where nobody looks at how it ships") << false;
    }
    void aStorageRootKeyThatIsHiddenIsTold()
    {
        QFETCH(const bool, shipState);
        const SwtpmFixture tpm;
        run(tpm, {"tpm2_createpolicy", "-Q", "--policy-pcr", "-l", "sha256:0", "-L", "some.policy"});
        run(tpm, {"tpm2_createprimary", "-Q", "-C", "o", "-c", "srk.ctx", "-L", "some.policy", "-a",
                  "fixedtpm|fixedparent|sensitivedataorigin|restricted|decrypt|adminwithpolicy"});
        run(tpm, {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"});
        run(tpm, {"tpm2_flushcontext", "-t"});
        AttestationPolicy policy;
        if (shipState) {
            policy.shipState = ShipState{{{0x81010000, 0x8101FFFF}}, {}};
        }
        QCOMPARE(attest(tpm.address(), tpm, policy).verdict, (Verdict{Outcome::Hold, C::NotAsShipped}));
        const TpmRelay relay{tpm.address(), showingTheOtherHandle(INT_MAX, kNothingThere, kStorageRootKeyAt)};
        QCOMPARE(attest(relay.address(), tpm, policy).verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// A device that keeps its P-384 key where device SDKs look, and nowhere else: as it ships.
    void aKeyOfTheTemplateIsReadWhereDeviceSdksLook()
    {
        const SwtpmFixture tpm;
        tpm.evict("0x81010001");
        tpm.evict("0x81010016");
        run(tpm, {"tpm2_createek", "-Q", "-G", "ecc384", "-c", "0x81010001", "-u", "ek.pub"});
        run(tpm, {"tpm2_flushcontext", "-t"});
        const auto report = attest(tpm.address(), tpm, shippingP384());
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QCOMPARE(report.facts.endorsementKey->source.known()->persistentHandle, std::optional{kDeviceSdkHandle});
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

private:
    static void addForeignKey(const SwtpmFixture& tpm)
    {
        run(tpm, {"tpm2_createprimary", "-Q", "-C", "o", "-G", "rsa", "-c", "foreign.ctx"});
        run(tpm, {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "foreign.ctx", "0x81010001"});
        run(tpm, {"tpm2_flushcontext", "-t"});
    }

    static AttestationPolicy shippingP384()
    {
        AttestationPolicy policy;
        policy.endorsementKey = {EkTemplate::TcgH3, EkChoice::Rule::OfTemplate};
        policy.shipState = ShipState{{{0x81010000, 0x8101FFFF}}, {}};
        return policy;
    }

    static AttestationReport attest(const std::string& address, const SwtpmFixture& tpm, AttestationPolicy policy)
    {
        policy.allowSoftware = true;
        auto device = tpmAt(address);
        RecordingSteps steps;
        return attestDevice({std::move(policy), tpm.anchors(), utcNow()}, *device, steps, {});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_redirected_handle)
#include "tst_redirected_handle.moc"
