#include "core/tpm/esys_device_tpm.h"

#include "core/base/device_code.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/tpm/activation.h"
#include "core/tpm/agent_announcement.h"
#include "core/tpm/ek_certificate_reader.h"
#include "core/tpm/endorsement_key_reader.h"
#include "core/tpm/kept_key.h"
#include "core/tpm/loaded_handles.h"
#include "core/tpm/presence_probe.h"
#include "core/tpm/storage_root_key_reader.h"
#include "core/tpm/tpm_contents.h"
#include "core/tpm/tpm_properties.h"
#include "core/transport/open_channel.h"

#include <stop_token>

namespace enroll::tpm {
namespace {

using attestation::EkChoice;
using attestation::Persistence;

/// The time for recover() as a whole, however many handles the TPM lists and however slowly it flushes them.
///
/// Before it, up to half a second went by in the wait for the missing response (kCleanUpTime in tpm_exchange.cpp). Both
/// together leave the journal time to write, so that a stop ends within two seconds.
constexpr std::chrono::milliseconds kRecoveryTime{1'300};

/// The same where each connection is a login, which takes a small processor seconds, and no stop was asked, which ends it.
constexpr std::chrono::seconds kRecoveryTimeByLogin{10};

/// Everything that exists while a TPM is connected. Members are released in reverse: the imported key, the session,
/// the storage root key, the endorsement key, then the context.
struct ConnectedTpm {
    std::unique_ptr<EsysContext> context;
    LoadedHandles before; ///< what was loaded before the station did anything, and stays so
    TpmProperties properties;
    std::optional<TpmObject> endorsementKey = {};
    std::vector<TpmObject> otherKeys = {};            ///< at other handles, of which the reading of that key speaks
    TPM2_HANDLE endorsementKeyHandle = 0;             ///< where that key may be made persistent
    bool handleTaken = false;                         ///< something else was seen there when the key was read
    std::optional<TPM2_HANDLE> certificateIndex = {}; ///< where that key's certificate was found
    std::string certificateUnreadable = {};           ///< why it was not, if there may be one
    std::optional<std::vector<TPM2_HANDLE>> persistentObjects = {}; ///< as the TPM listed them in the session
    std::optional<TpmObject> storageRootKey = {};
    SaltedSession session = {}; ///< salted to that endorsement key
    TransientHandle idKey = {};

    /// The TPM's numbers for what is loaded here. Twice the same: the TPM forgot what it had under that number.
    /// Persistent keys are not among them: no restart takes those.
    [[nodiscard]] std::vector<TPM2_HANDLE> loaded() const
    {
        std::vector<TPM2_HANDLE> handles;
        for (const auto* held : {endorsementKey ? &endorsementKey->handle : nullptr,
                                 storageRootKey ? &storageRootKey->handle : nullptr, &session.handle(), &idKey}) {
            const bool isLoaded = held != nullptr && held->onRelease() == OnRelease::Flush;
            if (const auto handle = isLoaded ? held->tpmHandle() : std::nullopt) {
                handles.push_back(*handle);
            }
        }
        return handles;
    }
    [[nodiscard]] LoadedHandles inUse() const
    {
        const auto handles = loaded();
        return {handles.begin(), handles.end()};
    }
};

/// Where the TPM is, and by what its agent knows the station.
struct Line {
    transport::DeviceAddress address;
    transport::AgentFiles files;
};

Result<std::unique_ptr<TpmExchange>> openExchange(const Line& line, const CommandDeadlines& deadlines,
                                                  const std::stop_token& stop, std::optional<Deadline> end = {})
{
    TRY_ASSIGN(auto channel, transport::openChannel(line.address, Deadline::in(deadlines.connect), stop, line.files));
    return std::make_unique<TpmExchange>(std::move(channel), deadlines, stop, end);
}

/// Flushes over a fresh connection everything that is loaded now and was not in \p before.
///
/// Needed because a lost or broken response may have carried the handle of a new object, and because ESYS sends nothing
/// more after some broken responses. Right because nobody else uses the TPM while the station does.
Result<void> recover(const Line& line, const LoadedHandles& before, bool usedProtected, const std::stop_token& stop)
{
    const bool mayLast = std::holds_alternative<transport::SshAddress>(line.address) && !stop.stop_requested();
    const auto time = mayLast ? std::chrono::milliseconds{kRecoveryTimeByLogin} : kRecoveryTime;
    // Each command may take all of it: the TPM answers the first one after the command that was under way when the line broke.
    const CommandDeadlines each{.connect = time, .normal = time, .createKey = time, .busyRetries = time};
    const auto deadline = Deadline::in(time);
    TRY_ASSIGN(const auto exchange, openExchange(line, each, mayLast ? stop : std::stop_token{}, deadline));
    auto flushed = flushAllBut(*exchange, before, deadline);
    if (usedProtected) {
        [[maybe_unused]] const auto ended = endOrderly(*exchange);
    }
    return flushed;
}

/// Both keys or none: a storage root key that this run kept is taken back if the endorsement key cannot be kept. What lay
/// at the latter's handle from the beginning stays: the station never evicts what belongs to the device's owner.
Result<void> persistAbsent(ConnectedTpm& open, const attestation::KeysToPersist& keys)
{
    std::optional<TpmObject> storageRootKey;
    if (keys.storageRootKey == Persistence::PersistIfAbsent) {
        TRY_ASSIGN(storageRootKey, persistStorageRootKey(*open.context, *open.storageRootKey, open.session));
    }
    if (keys.endorsementKey != Persistence::PersistIfAbsent || open.handleTaken) {
        return {};
    }
    auto kept = persistIfAbsent(*open.context, *open.endorsementKey, open.endorsementKeyHandle, open.session);
    if (kept) {
        return {};
    }
    auto error = std::move(kept).error();
    if (storageRootKey && !evict(*open.context, *storageRootKey, kStorageRootKeyHandle, open.session).ok()) {
        error.what += "; the storage root key that this run kept at 0x81000001 could not be taken back";
    }
    return error;
}

/// What is loaded when a line is new, once what can be flushed is flushed: a station that was killed, or lost its line,
/// left it.
///
/// Such objects are seen on a line alone that has no resource manager, and such a line is the station's. A part on the
/// line may have answered in the TPM's place that they are gone, so the TPM is asked what is left.
Result<LoadedHandles> clearedLeftovers(TpmExchange& exchange, Sessions sessions, const Deadline& deadline)
{
    TRY_ASSIGN(auto loaded, readLoadedHandles(exchange, sessions));
    if (loaded.empty()) {
        return loaded;
    }
    [[maybe_unused]] const auto flushed = flushHandles(exchange, loaded, deadline); // what it refuses stays listed
    return readLoadedHandles(exchange, sessions);
}

void addTraffic(attestation::TpmTraffic& sum, const attestation::TpmTraffic& more)
{
    sum.commands += more.commands;
    sum.bytesOut += more.bytesOut;
    sum.bytesIn += more.bytesIn;
    sum.retries += more.retries;
    sum.busy += more.busy;
}

class EsysDeviceTpm final : public attestation::DeviceTpm {
public:
    EsysDeviceTpm(Line line, const CommandDeadlines& deadlines, std::stop_token stop)
        : m_line(std::move(line)), m_deadlines(deadlines), m_stop(std::move(stop))
    {}
    EsysDeviceTpm(const EsysDeviceTpm&) = delete;
    EsysDeviceTpm& operator=(const EsysDeviceTpm&) = delete;
    ~EsysDeviceTpm() override { [[maybe_unused]] const auto released = closeConnection(); }

    Result<void> connect() override;
    Result<std::optional<std::string>> announcedSerial() override;
    Result<attestation::TpmIdentity> identify() override;
    Result<attestation::TpmState> readState() override;
    Result<attestation::EndorsementKeyReading> readEndorsementKey(const EkChoice& choice) override;
    Result<attestation::EndorsementKeySurvey> readAllEndorsementKeys(const EkChoice& choice) override;
    Result<attestation::StoredCertificates> readCertificateChain() override;
    Result<Bytes> provideStorageRootKey() override;
    Result<void> activate(const attestation::ActivationBlob& blob) override;
    Result<attestation::ProtectedReading> readProtected(attestation::Contents contents) override;
    Result<std::vector<Bytes>> readOtherKeys() override;
    Result<Bytes> sign(ByteView message) override;
    Result<void> persistKeys(const attestation::KeysToPersist& keys) override;
    Result<void> release() override { return closeConnection(); }
    [[nodiscard]] attestation::TpmTraffic traffic() const override;

private:
    Result<ConnectedTpm*> connected();
    template <class Work>
    auto withRoom(Work work) -> decltype(work());
    template <class Work>
    auto watched(Work work) -> decltype(work());
    bool hasForgotten(const Error& error);
    [[nodiscard]] bool hasLeft(const Error& error) const;
    bool freeLeftovers();
    Result<void> closeConnection();
    Result<void> flushOwn();
    bool flushHidden();

    Line m_line;
    CommandDeadlines m_deadlines;
    std::stop_token m_stop;
    std::optional<ConnectedTpm> m_connected;
    attestation::TpmTraffic m_trafficBefore; ///< of connections that were closed
};

Result<ConnectedTpm*> EsysDeviceTpm::connected()
{
    if (!m_connected) {
        return makeError(StationCode::InternalFault, "the TPM is used while not connected");
    }
    return &*m_connected;
}

/// Makes room where a TPM is full of what is not in use: what lay in it before and could not be flushed then, and what a
/// refused command loaded all the same. False if nothing could be freed.
bool EsysDeviceTpm::freeLeftovers()
{
    auto& exchange = m_connected->context->exchange();
    if (m_connected->before.empty() && !exchange.mayHideHandle()) {
        return false;
    }
    m_connected->before.clear();
    auto read = readLoadedHandles(exchange);
    auto loaded = read ? std::move(read).value() : LoadedHandles{};
    for (const auto handle : m_connected->inUse()) {
        loaded.erase(handle);
    }
    return !loaded.empty() && flushHandles(exchange, loaded, Deadline::in(m_deadlines.normal)).ok();
}

/// Does \p work, and does it once more if the TPM had no room for it and some could be made.
template <class Work>
auto EsysDeviceTpm::withRoom(Work work) -> decltype(work())
{
    auto done = work();
    const bool full = !done.ok() && done.error().code == DeviceCode::TpmResourcesExhausted;
    return full && m_connected && freeLeftovers() ? work() : std::move(done);
}

/// True if what the station had loaded is gone from the TPM: it was restarted, and its refusal says nothing of the device.
///
/// Not where something lies there that the station does not know: a part on the line altered a handle. That is asked only
/// after a refusal, so that a good run pays nothing for it.
bool EsysDeviceTpm::hasForgotten(const Error& error)
{
    const bool refused = std::holds_alternative<TssCode>(error.source);
    if (!m_connected || !refused || m_connected->context->exchange().broken()) {
        return false;
    }
    const auto loaded = m_connected->loaded();
    const auto gone = loaded.empty() ? Result<bool>{false}
                                     : wereForgotten(m_connected->context->exchange(), loaded, m_connected->before);
    return gone && *gone;
}

/// True if the line broke, and nobody is at its other end: somebody took the device out, or it has no power any more. A
/// device that still accepts a connection is judged by what it did.
bool EsysDeviceTpm::hasLeft(const Error& error) const
{
    constexpr std::chrono::milliseconds kPatience{1'000};
    const bool broke = error.code == DeviceCode::NoTpmAnswers || error.code == DeviceCode::TpmResponseTruncated;
    return broke && !m_stop.stop_requested() && nobodyIsAt(m_line.address, kPatience, m_stop);
}

/// Does \p work withRoom(). Error D-110 in the place of a refusal that a restart of the TPM brought, D-140 in that of a
/// line that broke because the device was taken out.
template <class Work>
auto EsysDeviceTpm::watched(Work work) -> decltype(work())
{
    auto done = withRoom(work);
    if (!done.ok() && hasLeft(done.error())) {
        return recoded(std::move(done), DeviceCode::DeviceRemoved);
    }
    return !done.ok() && hasForgotten(done.error()) ? recoded(std::move(done), DeviceCode::TpmRestarted)
                                                    : std::move(done);
}

Result<void> EsysDeviceTpm::connect()
{
    TRY(closeConnection()); // a second connect() begins anew: a TPM may serve one client at a time
    TRY_ASSIGN(auto exchange, openExchange(m_line, m_deadlines, m_stop, Deadline::in(m_deadlines.run)));
    TRY_ASSIGN(auto context, EsysContext::create(std::move(exchange)));
    auto properties = readProperties(*context);
    auto before = properties
                      ? clearedLeftovers(context->exchange(),
                                         loadsNoSession(*properties) ? Sessions::KnownToBeNone : Sessions::Listed,
                                         Deadline::in(m_deadlines.normal))
                      : Result<LoadedHandles>{properties.error()};
    if (!before) {
        addTraffic(m_trafficBefore, context->exchange().traffic());
        const bool left = m_trafficBefore.bytesIn > 0 && hasLeft(before.error()); // a word was heard of it before
        return left ? recoded(Result<void>{before.error()}, DeviceCode::DeviceRemoved) : Result<void>{before.error()};
    }
    m_connected.emplace(ConnectedTpm{std::move(context), std::move(before).value(), std::move(properties).value()});
    return {};
}

Result<std::optional<std::string>> EsysDeviceTpm::announcedSerial()
{
    TRY_ASSIGN(auto* open, connected());
    TRY_ASSIGN(auto said, watched([&] { return askAgent(open->context->exchange()); }));
    return said ? std::optional{std::move(said->serialNumber)} : std::nullopt;
}

Result<attestation::TpmIdentity> EsysDeviceTpm::identify()
{
    TRY_ASSIGN(const auto* open, connected());
    return identityOf(open->properties);
}

Result<attestation::TpmState> EsysDeviceTpm::readState()
{
    TRY_ASSIGN(const auto* open, connected());
    return stateOf(open->properties);
}

Result<attestation::EndorsementKeyReading> EsysDeviceTpm::readEndorsementKey(const EkChoice& choice)
{
    TRY_ASSIGN(auto* open, connected());
    TRY_ASSIGN(auto key,
               watched([&] { return tpm::readEndorsementKey(*open->context, choice, nvRulesOf(open->properties)); }));
    open->endorsementKey = std::move(key.object);
    open->otherKeys = std::move(key.others);
    open->endorsementKeyHandle = *choice.row().handle;
    open->handleTaken = key.reading.handleTaken;
    open->certificateIndex = key.reading.certificateIndex;
    open->certificateUnreadable = key.reading.certificateUnreadable;
    return std::move(key.reading);
}

Result<attestation::EndorsementKeySurvey> EsysDeviceTpm::readAllEndorsementKeys(const EkChoice& choice)
{
    TRY_ASSIGN(auto* open, connected());
    return watched([&] { return readEveryEndorsementKey(*open->context, choice, nvRulesOf(open->properties)); });
}

Result<attestation::StoredCertificates> EsysDeviceTpm::readCertificateChain()
{
    TRY_ASSIGN(auto* open, connected());
    return watched([&] { return tpm::readCertificateChain(*open->context, nvRulesOf(open->properties)); });
}

Result<Bytes> EsysDeviceTpm::provideStorageRootKey()
{
    TRY_ASSIGN(auto* open, connected());
    TRY_ASSIGN(open->storageRootKey,
               watched([&] { return tpm::provideStorageRootKey(*open->context, open->endorsementKey); }));
    return marshalled(open->storageRootKey->area);
}

Result<void> EsysDeviceTpm::activate(const attestation::ActivationBlob& blob)
{
    TRY_ASSIGN(auto* open, connected());
    if (!open->endorsementKey || !open->storageRootKey) {
        return makeError(StationCode::InternalFault, "a challenge cannot be activated before its keys were read");
    }
    return watched([&]() -> Result<void> {
        TRY(open->idKey.release()); // the key of an earlier challenge: some TPMs have room for three objects only
        TRY(open->session.release());
        TRY_ASSIGN(open->session, SaltedSession::open(*open->context, *open->endorsementKey));
        // Now, and not with the rest: TPMs load a persistent key to read it, and the key in the challenge takes the third
        // and last slot that some have.
        for (const auto& other : open->otherKeys) {
            TRY(readAreaAgain(*open->context, other, open->session)); // refused where its name is another one
        }
        TRY_ASSIGN(open->idKey, activateChallenge(*open->context, *open->endorsementKey, *open->storageRootKey, blob,
                                                  open->session, stateOf(open->properties)));
        return {};
    });
}

Result<attestation::ProtectedReading> EsysDeviceTpm::readProtected(attestation::Contents contents)
{
    TRY_ASSIGN(auto* open, connected());
    if (!open->session.held()) {
        return makeError(StationCode::InternalFault, "nothing can be read under protection before a challenge");
    }
    return watched([&]() -> Result<attestation::ProtectedReading> {
        attestation::ProtectedReading reading;
        TRY_ASSIGN(const auto properties, readProperties(*open->context, &open->session));
        if (open->context->exchange().mayHideHandle()) {
            freeLeftovers(); // what a refused command of this run loaded is no stranger
        }
        TRY(requireNoStranger(*open->context, open->inUse(), open->before, open->session)); // it may take the last slot
        reading.identity = identityOf(properties);
        reading.state = stateOf(properties);
        TRY_ASSIGN(reading.endorsementKey, readAreaAgain(*open->context, *open->endorsementKey, open->session));
        TRY_ASSIGN(reading.storageRootKey, readAreaAgain(*open->context, *open->storageRootKey, open->session));
        if (open->certificateIndex) {
            TRY_ASSIGN(auto content,
                       readNv(*open->context, *open->certificateIndex, nvRulesOf(properties), &open->session));
            reading.certificateNv = std::move(content.bytes);
        }
        if (!reading.certificateNv) {
            TRY(requireNoHiddenCertificate(*open->context, *open->endorsementKey, nvRulesOf(properties),
                                           open->certificateUnreadable, open->session));
        }
        TRY_ASSIGN(open->persistentObjects, listPersistentObjects(*open->context, open->session));
        if (contents == attestation::Contents::Listed) {
            TRY_ASSIGN(auto indices, listOwnerIndices(*open->context, open->session));
            reading.contents = {*open->persistentObjects, std::move(indices)};
        }
        return reading;
    });
}

Result<std::vector<Bytes>> EsysDeviceTpm::readOtherKeys()
{
    TRY_ASSIGN(auto* open, connected());
    if (!open->persistentObjects) {
        return makeError(StationCode::InternalFault, "keys are looked for before the TPM has listed where some lie");
    }
    const auto handles = unreadHandles(*open->context, *open->persistentObjects);
    if (handles.empty()) {
        return std::vector<Bytes>{};
    }
    return watched([&]() -> Result<std::vector<Bytes>> {
        TRY(open->idKey.release()); // makes room: some TPMs hold three objects only, both keys and the one to read
        return readKeysAt(*open->context, handles);
    });
}

Result<Bytes> EsysDeviceTpm::sign(ByteView message)
{
    TRY_ASSIGN(auto* open, connected());
    if (!open->idKey.held() || message.size() > kLongestMessage) {
        return makeError(StationCode::InternalFault, "no key was activated, or the message is longer than 1024 bytes");
    }
    return watched([&] { return hmacOf(*open->context, open->idKey, message); });
}

Result<void> EsysDeviceTpm::persistKeys(const attestation::KeysToPersist& keys)
{
    TRY_ASSIGN(auto* open, connected());
    if (!open->session.held()) {
        return makeError(StationCode::InternalFault, "no key is made persistent before a challenge");
    }
    return watched([&]() -> Result<void> {
        TRY(open->idKey.release()); // makes room: some TPMs hold three objects only, both keys and one to persist
        return persistAbsent(*open, keys);
    });
}

attestation::TpmTraffic EsysDeviceTpm::traffic() const
{
    auto sum = m_trafficBefore;
    if (m_connected) {
        addTraffic(sum, m_connected->context->exchange().traffic());
    }
    return sum;
}

/// Flushes what is held in the order in which it would be destroyed. All are tried; the first error is returned.
Result<void> EsysDeviceTpm::flushOwn()
{
    auto outcome = m_connected->idKey.release();
    if (auto released = m_connected->session.release(); outcome && !released) {
        outcome = std::move(released);
    }
    for (auto* key : {&m_connected->storageRootKey, &m_connected->endorsementKey}) {
        auto released = *key ? (*key)->handle.release() : Result<void>{};
        if (outcome && !released) {
            outcome = std::move(released);
        }
    }
    return outcome;
}

/// Flushes what a refused command may have loaded all the same. False if something may be left.
bool EsysDeviceTpm::flushHidden()
{
    auto& exchange = m_connected->context->exchange();
    return !exchange.mayHideHandle() || flushAllBut(exchange, m_connected->before, Deadline::in(kRecoveryTime)).ok();
}

Result<void> EsysDeviceTpm::closeConnection()
{
    if (!m_connected) {
        return {};
    }
    auto outcome = flushOwn(); // the usual way; after a broken connection its flushes fail and mayLeaveLoaded() is true
    const bool leftBehind = m_connected->context->mayLeaveLoaded() || !flushHidden();
    const bool usedProtected = m_connected->context->usedProtected();
    if (usedProtected && !leftBehind) { // a resource manager may refuse: then the device's own end of the TPM counts
        [[maybe_unused]] const auto ended = endOrderly(m_connected->context->exchange());
    }
    m_trafficBefore = traffic();
    const auto before = std::move(m_connected->before);
    m_connected.reset(); // first: a TPM that serves one client at a time accepts the recovery connection only now
    return leftBehind ? recover(m_line, before, usedProtected, m_stop) : outcome;
}

} // namespace

std::unique_ptr<attestation::DeviceTpm> makeEsysDeviceTpm(const transport::DeviceAddress& address,
                                                          const CommandDeadlines& deadlines, std::stop_token stop,
                                                          const transport::AgentFiles& files)
{
    return std::make_unique<EsysDeviceTpm>(Line{address, files}, deadlines, std::move(stop));
}

} // namespace enroll::tpm
