#include "tests/app/chain/lie_table.h"

#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "core/transport/open_channel.h"
#include "tests/app/chain/lies.h"
#include "tests/support/must.h"

#include <algorithm>

namespace enroll::test {
namespace {

using namespace tpm::command_code;
using C = DeviceCode;
using P = ResponseParts;
using Then = RelayReply::Then;
using Command = TwistedLine::Command;

constexpr Ending kPass;

Rule anywhere(std::vector<Ending> endings)
{
    return {[](Stage, const Exchange&) { return true; }, std::move(endings)};
}

Rule at(Stage stage, std::vector<Ending> endings)
{
    return {[stage](Stage is, const Exchange&) { return is == stage; }, std::move(endings)};
}

Rule on(std::vector<std::uint32_t> commands, std::vector<Ending> endings)
{
    return {[commands = std::move(commands)](Stage, const Exchange& honest) {
                return std::ranges::find(commands, honest.code) != commands.end();
            },
            std::move(endings)};
}

Rule on(Stage stage, std::vector<std::uint32_t> commands, std::vector<Ending> endings)
{
    auto rule = on(std::move(commands), std::move(endings));
    rule.fits = [stage, fits = std::move(rule.fits)](Stage is, const Exchange& honest) {
        return is == stage && fits(is, honest);
    };
    return rule;
}

bool inTheClear(const Exchange& exchange)
{
    return ByteReader{exchange.command}.u16("tag").value() == tpm::kTagNoSessions;
}

/// A key that was made persistent is read at its handle, in the salted session.
Rule readingBack(std::vector<Ending> endings)
{
    return {[](Stage stage, const Exchange& honest) {
                return stage == Stage::Keeping && honest.code == kReadPublic && !inTheClear(honest);
            },
            std::move(endings)};
}

/// Likewise, or the handle is listed.
Rule lookingAgain(std::vector<Ending> endings)
{
    return {[](Stage stage, const Exchange& honest) {
                return stage == Stage::Keeping && honest.code != kEvictControl && !inTheClear(honest);
            },
            std::move(endings)};
}

/// The station asks whether the handle is free.
Rule lookingWhereToKeep(std::vector<Ending> endings)
{
    return {[](Stage stage, const Exchange& honest) {
                return stage == Stage::Keeping && honest.code == kReadPublic && inTheClear(honest);
            },
            std::move(endings)};
}

/// An area in the clear whose name does not fit it is asked for again: the line may have been at fault.
Rule areasAreReadAgain()
{
    return {[](Stage stage, const Exchange& honest) {
                return stage == Stage::Looking && !failed(honest) &&
                       (honest.code == kReadPublic || honest.code == kNvReadPublic);
            },
            {kPass}};
}

bool hasBody(const Exchange& exchange)
{
    return exchange.response.size() > tpm::kHeaderSize;
}

/// For a response with this part alone.
std::function<bool(const Exchange&)> with(const P::Part P::*part)
{
    return [part](const Exchange& exchange) { return has(part, exchange); };
}

/// Bytes that are not those of a TPM, or are too many or too few.
std::vector<LieRow> brokenFrames()
{
    const auto makesNoKey = [](const Exchange& e) { return e.code != kCreatePrimary; };
    const auto sizeBit = [](bool set) {
        return [set](const Exchange& e) { return ((e.response.at(5) & std::byte{4}) != std::byte{0}) == set; };
    };
    const std::vector malformed{anywhere({C::TpmResponseMalformed})};
    const std::vector oversized{anywhere({C::TpmResponseOversized})};
    const std::vector timedOut{anywhere({C::TpmTimedOut})};
    const std::vector malformedOrReadAgain{areasAreReadAgain(), anywhere({C::TpmResponseMalformed})};
    return {
        {"half, then closed", changing(half, Then::Close), {anywhere({C::TpmResponseTruncated})}},
        {"half, then silent", changing(half, Then::Stall), timedOut},
        {"silent", changing(nothing, Then::Stall), timedOut},
        {"too late", tooLate, timedOut, makesNoKey},
        {"closed", changing(nothing, Then::Close), {anywhere({C::NoTpmAnswers})}},
        {"one byte less", changing(oneByteLess), malformedOrReadAgain, hasBody},
        {"longer", changing(longer), oversized},
        {"longer and says so", changing(longerAndSaysSo), malformedOrReadAgain},
        {"announces a mebibyte", changing(announcesAMebibyte), oversized},
        {"zeros", changing(zeros), malformedOrReadAgain, hasBody},
        {"ones", changing(ones), malformed, hasBody},
        {"failure with a body", changing(failureWithBody), malformed, hasBody},
        {"another tag", flippingHeader(1, 0x03), malformed},
        {"a tag of no TPM", flippingHeader(0, 0x40), malformed},
        {"four bytes fewer announced", flippingHeader(5, 0x04), oversized, sizeBit(true)},
        {"four bytes more announced", flippingHeader(5, 0x04), timedOut, sizeBit(false)},
        {"unknown layer", flippingHeader(6, 0x40), malformed},
    };
}

/// Sound frames that the TPM did say, but of something else. What becomes of one depends on what it happens to be: of
/// another shape than the command's it is malformed; properties of another group are told by the second reading, and a
/// frame of the salted session by its HMAC.
std::vector<LieRow> otherAnswers()
{
    constexpr auto kChanged = C::AnswersChanged;
    constexpr auto kMalformed = C::TpmResponseMalformed;
    const auto properties = on(Stage::Looking, {kGetCapability}, {kChanged, kMalformed});
    const auto noSession = on(Stage::Opening, {kStartAuthSession}, {C::TpmRefusedCommand});
    const auto confirmed = at(Stage::Confirming, {kChanged, kMalformed});
    const auto kept = at(Stage::Keeping, {kChanged, kMalformed});
    return {
        // The area of another key is read again or refused by its shape; a handle that nothing is at is no key.
        {"the previous again",
         previous,
         {properties, on(Stage::Looking, {kReadPublic, kNvReadPublic}, {kPass, kMalformed}),
          on({kCreatePrimary}, {C::StorageRootKeyUnusable}), noSession, on({kImport}, {C::ActivationRefused}),
          confirmed, on(Stage::Keeping, {kEvictControl}, {C::TpmRefusedCommand}),
          on(Stage::Keeping, {kGetCapability}, {kChanged}), anywhere({kMalformed})}},
        {"the first again",
         first,
         {properties, on(Stage::Looking, {kReadPublic, kNvReadPublic}, {kPass}), lookingWhereToKeep({kPass}),
          anywhere({kMalformed})}},
        // Where the storage root key is asked for it may be the endorsement key: the challenge is then for another.
        {"an earlier one",
         earlier,
         {properties, on(Stage::Looking, {kReadPublic, kNvReadPublic}, {kPass, kChanged, C::ActivationRefused}),
          on({kImport}, {C::ActivationRefused}), confirmed, kept, anywhere({kMalformed})}},
        {"the same command's before",
         sameCommandBefore,
         {properties, on(Stage::Looking, {kReadPublic}, {kChanged, C::ActivationRefused}), noSession, confirmed, kept}},
    };
}

/// Sound frames that the TPM never said.
std::vector<LieRow> otherWords()
{
    const std::vector malformed{anywhere({C::TpmResponseMalformed})};
    return {
        {"empty success", changing(emptySuccess), malformed},
        {"empty success for a failure", changing(emptySuccess), malformed, failed},
        {"a bit of the handle",
         flipping(&P::handle, Bit::Last),
         {at(Stage::Salting, {C::AnswersChanged}), anywhere({C::TpmRefusedCommand})},
         with(&P::handle)},
        {"a kind of handle",
         flipping(&P::handle, Bit::First),
         {at(Stage::Salting, {C::AnswersChanged}), on({kCreatePrimary}, {C::ActivationRefused}),
          anywhere({C::TpmRefusedCommand})},
         with(&P::handle)},
        // Of properties it is moreData, which the station does not go by; of the others a size, or under the HMAC.
        {"first bit of the parameters",
         flipping(&P::parameters, Bit::First),
         {on(Stage::Looking, {kGetCapability}, {kPass}), on({kGetCapability}, {C::AnswersChanged}),
          anywhere({C::TpmResponseMalformed})},
         with(&P::parameters)},
        // The last property is one that nobody asks for, and of an empty list it is the count. Nobody uses the ticket of
        // TPM2_PolicySecret. Names do not fit their areas.
        {"last bit of the parameters",
         flipping(&P::parameters, Bit::Last),
         {areasAreReadAgain(), on(Stage::Looking, {kGetCapability}, {kPass, C::TpmResponseMalformed}),
          on({kPolicySecret}, {kPass}), on({kImport}, {C::ActivationRefused}), on({kHmac}, {C::AttestationWrong}),
          on({kLoad, kCreatePrimary}, {C::TpmResponseMalformed}), anywhere({C::AnswersChanged})},
         with(&P::parameters)},
        {"first bit of the authorizations", flipping(&P::authorizations, Bit::First), malformed,
         with(&P::authorizations)},
        // A password's authorization ends with a size; one of the salted session with its HMAC.
        {"last bit of the authorizations",
         flipping(&P::authorizations, Bit::Last),
         {at(Stage::Confirming, {C::AnswersChanged}), on({kActivateCredential}, {C::AnswersChanged}),
          at(Stage::Keeping, {C::AnswersChanged}), anywhere({C::TpmResponseMalformed})},
         with(&P::authorizations)},
        {"no sessions", changing(withoutSessions), malformed, with(&P::authorizations)},
    };
}

/// The two lies with one failure code: over what the TPM did, and in its place. A flush that the TPM never heard of
/// leaves the object loaded: the station cannot know.
void addFailure(std::vector<LieRow>& rows, std::pair<const char*, const char*> names, std::uint32_t code,
                const std::vector<Rule>& over, const std::vector<Rule>& instead)
{
    rows.push_back({names.first, saying(code), over});
    rows.push_back({names.second, saying(code), instead, [](const auto& e) { return !isFlush(e); }, Command::KeptBack});
}

std::vector<LieRow> failures()
{
    std::vector<LieRow> rows;
    const auto row = [&rows](std::pair<const char*, const char*> names, std::uint32_t code,
                             const std::vector<Rule>& both) { addFailure(rows, names, code, both, both); };
    // What the TPM will not do with the challenge is its failure to open it.
    const auto noKey = on({kCreatePrimary}, {C::StorageRootKeyUnusable});
    const auto unopened = on({kActivateCredential, kImport, kLoad}, {C::ActivationRefused});
    const auto unsalted = at(Stage::Salting, {C::ActivationRefused});
    const auto readBack = readingBack({C::AnswersChanged});
    const auto lookedAgain = lookingAgain({C::AnswersChanged});
    // A certificate that is not given out by one authorization is read by another, and then again under the session.
    const auto readOtherwise = on(Stage::Looking, {kNvRead}, {kPass, C::TpmRefusedCommand});
    row({"refusal over it", "refusal instead"}, 0x1DF,
        {readOtherwise, noKey, unopened, unsalted, readBack, anywhere({C::TpmRefusedCommand})});
    // A hidden key is told by the list of what lies in the TPM; where nothing lies, it is no lie.
    const auto isTrue = Rule{[](Stage, const Exchange& honest) { return failed(honest); }, {kPass}};
    row({"nothing there over it", "nothing there instead"}, 0x18B,
        {isTrue, readOtherwise, lookingWhereToKeep({kPass}), on(Stage::Looking, {kReadPublic}, {C::AnswersChanged}),
         on({kNvReadPublic}, {C::AnswersChanged}), noKey, unopened, unsalted, readBack,
         anywhere({C::TpmRefusedCommand})});
    // Where the TPM has made an object or a session, the station finds it and makes room.
    addFailure(rows, {"no room over it", "no room instead"}, 0x902,
               {on({kStartAuthSession, kLoad, kCreatePrimary}, {kPass}), anywhere({C::TpmResourcesExhausted})},
               {anywhere({C::TpmResourcesExhausted})});
    // What was flushed is not there when it is flushed again. A command that is sent again has used up its policy session,
    // or the nonce of the salted one.
    addFailure(rows, {"not now over it", "not now instead"}, 0x922,
               {at(Stage::Confirming, {C::AnswersChanged}), on({kPolicySecret, kEvictControl}, {C::AnswersChanged}),
                lookedAgain, on(Stage::Keeping, {kFlushContext}, {C::TpmRefusedCommand}),
                on({kActivateCredential}, {C::TpmRefusedCommand}), anywhere({kPass})},
               {anywhere({kPass})});
    // Who may not read a certificate by one authorization reads it by another. In the salted session there is no
    // password that could be wrong.
    const auto readsByAnother = on(Stage::Looking, {kNvRead}, {kPass});
    const auto changed = at(Stage::Confirming, {C::AnswersChanged});
    const auto locked = anywhere({C::TpmHierarchyLocked});
    for (const auto& [names, code] : {std::pair{std::pair{"wrong password over it", "wrong password instead"}, 0x98EU},
                                      std::pair{std::pair{"wrong HMAC over it", "wrong HMAC instead"}, 0x9A2U}}) {
        addFailure(rows, names, code, {readsByAnother, changed, lookedAgain, locked},
                   {on({kNvRead}, {kPass}), changed, lookedAgain, locked});
    }
    row({"locked out over it", "locked out instead"}, 0x921, {anywhere({C::TpmLockedOut})});
    row({"failure mode over it", "failure mode instead"}, 0x101,
        {unopened, unsalted, anywhere({C::TpmSelfTestFailed})});
    row({"field upgrade over it", "field upgrade instead"}, 0x12D, {anywhere({C::FirmwareUpdateUnfinished})});
    row({"not tested over it", "not tested instead"}, 0x153, {anywhere({C::TpmNotTested})});
    row({"not started over it", "not started instead"}, 0x100, {anywhere({C::TpmNotStarted})});
    return rows;
}

/// A second TPM, in as good a state. It is another device, has no storage root key, and knows none of the sessions.
LieRow anotherTpm(const OtherTpm& other)
{
    return {"another TPM's answer",
            [&other](const Exchange& now, const std::vector<Exchange>& /*before*/) {
                return RelayReply{other.answer(now.command)};
            },
            {// Its endorsement key is no key of this TPM.
             on(Stage::Looking, {kReadPublic}, {C::ActivationRefused, C::AnswersChanged}),
             at(Stage::Looking, {C::AnswersChanged}), at(Stage::Salting, {C::ActivationRefused}),
             on({kActivateCredential, kImport, kLoad}, {C::ActivationRefused}),
             on(Stage::Keeping, {kReadPublic}, {C::AnswersChanged}), anywhere({C::TpmRefusedCommand})}};
}
/// A PASS that leaves nothing, or another key, where a key was to be kept.
std::vector<LieRow> keptKeys()
{
    const std::vector changed{anywhere({C::AnswersChanged})};
    const auto keeps = [](const auto& e) { return e.code == kEvictControl; };
    const auto asks = [](const auto& e) { return e.code == kReadPublic && inTheClear(e); };
    const auto readsBack = [](const auto& e) { return e.code == kReadPublic && !inTheClear(e); };
    const auto honestly = [](const auto& now, const auto&) { return RelayReply{now.response}; };
    const auto row = [&](const char* name, Twist twist, auto applies, Command command, Meddling meddling = {}) {
        return LieRow{name, std::move(twist), changed, applies, command, Stage::Keeping, std::move(meddling)};
    };
    const auto done = Command::CarriedOut;
    return {
        row("nothing kept, and success", changing(forgedSuccess), keeps, Command::KeptBack),
        row("nothing kept, and the handle is taken", saying(0x14C), keeps, Command::KeptBack),
        row("another key kept, and success", changing(forgedSuccess), keeps, done, keepsAnother),
        row("evicted before it is read back", honestly, readsBack, done, evictsKept),
        row("evicted, and the loaded one is read back", honestly, readsBack, done, evictsKeptAndShowsLoaded),
        row("replaced before it is read back", honestly, readsBack, done, replacesKept),
        row("another key is there already", honestly, asks, done, leadsToAnother),
        row("the key is there already", honestly, asks, done, leadsToLoaded),
    };
}

} // namespace

Bytes OtherTpm::answer(const Bytes& command) const
{
    auto line = must(transport::openChannel(must(transport::parseDeviceAddress(m_tpm.address())),
                                            Deadline::in(std::chrono::seconds{5}), {}));
    must(line->send(command, Deadline::in(std::chrono::seconds{5})));
    Bytes frame(4096);
    frame.resize(must(line->receive(frame, Deadline::in(std::chrono::seconds{30}))));
    return frame;
}

std::vector<LieRow> lieTable(const OtherTpm& other)
{
    std::vector<LieRow> table;
    for (auto rows : {brokenFrames(), otherAnswers(), otherWords(), failures(), keptKeys()}) {
        std::ranges::move(rows, std::back_inserter(table));
    }
    table.push_back(anotherTpm(other));
    return table;
}

bool isFlush(const Exchange& exchange)
{
    return exchange.code == kFlushContext;
}

std::vector<Stage> stagesOf(const std::vector<Exchange>& honest)
{
    const auto kept =
        std::find_if(honest.rbegin(), honest.rend(), [](const auto& e) { return e.code == kEvictControl; });
    const auto lastKept = static_cast<std::size_t>(honest.rend() - kept); // behind it; 0 if none is
    std::vector<Stage> stages;
    auto stage = Stage::Looking;
    for (std::size_t i = 0; i < honest.size(); ++i) {
        const auto code = honest[i].code;
        const auto last = i == 0 ? 0 : honest[i - 1].code;
        if (code == kStartAuthSession) {
            stage = stage == Stage::Looking ? Stage::Salting : Stage::Opening;
        } else if (last == kActivateCredential) {
            stage = Stage::Proving;
        } else if (last == kHmac) {
            stage = Stage::Confirming;
        } else if (isFlush(honest[i]) && stage == Stage::Confirming && i < lastKept) {
            stage = Stage::Keeping; // makes room for it
        }
        stages.push_back(isFlush(honest[i]) && i >= lastKept ? Stage::Releasing : stage);
    }
    return stages;
}

} // namespace enroll::test
