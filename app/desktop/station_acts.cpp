#include "app/desktop/station_acts.h"

#include "app/wiring/software_stamp.h"
#include "app/wiring/station_files.h"
#include "core/config/people_file.h"
#include "core/crypto/digest.h"
#include "core/system/whole_file.h"
#include "db/journal/act_writer.h"

namespace enroll::app::desktop {
namespace {

using db::journal::ActWriter;
using db::journal::UnsavedActs;
using station::Act;
using station::ActKind;

/// How long another writer is waited for at a time.
constexpr std::chrono::milliseconds kBusyTimeout{2000};

/// None: nobody is known here. Every badge reads the file anew, and a change of it is an act of its own.
std::optional<station::FileStamp> stampOfPeople(const std::filesystem::path& dataDirectory)
{
    const auto file = config::peopleFile(dataDirectory);
    if (std::error_code fault; !std::filesystem::exists(file, fault)) {
        return std::nullopt;
    }
    constexpr std::size_t kLongest = std::size_t{1024} * 1024; // no longer one is read
    const auto bytes = system::readWholeFile(file, kLongest);
    const auto digest = bytes ? crypto::sha256({*bytes}) : Result<Bytes>{bytes.error()};
    return station::FileStamp{file.string(), digest ? toHex(*digest) : std::string{}};
}

Act startOf(const StationSetup& setup)
{
    Act act{.what = ActKind::StationStarted, .at = utcNow(), .stationId = setup.config.stationId};
    act.software = wiring::softwareStamp();
    act.profile = setup.profile.stamp;
    for (const auto& [file, sha256] : setup.config.filesRead) {
        act.configuration.push_back({file.string(), sha256});
    }
    if (auto people = stampOfPeople(setup.config.dataDirectory)) {
        act.configuration.push_back(std::move(*people));
    }
    return act;
}

UnsavedActs unsavedIn(const std::shared_ptr<db::duty::DutyFile>& duty)
{
    if (!duty) {
        return {};
    }
    return {duty->lostActs(), [duty](std::int64_t count) { duty->noteUnsavedActs(count); }};
}

} // namespace

StationActs::StationActs(const StationSetup& setup, QObject* parent)
    : QObject(parent), m_station(setup.config.stationId), m_lock(setup.memory)
{
    auto options = wiring::journalOptions(setup.config);
    options.busyTimeout = kBusyTimeout;
    const auto onFault = [this](const std::optional<Error>& fault) {
        QMetaObject::invokeMethod(
            this,
            [this, fault] {
                m_fault = fault;
                Q_EMIT faultChanged();
            },
            Qt::QueuedConnection);
    };
    m_writer = std::make_shared<ActWriter>(std::move(options), onFault, ActWriter::kMost, unsavedIn(setup.duty));
    if (const auto lost = setup.duty ? setup.duty->lostActs() : 0; lost > 0) {
        m_writer->write({.what = ActKind::ActsLost, .at = utcNow(), .stationId = m_station, .count = lost});
    }
    m_writer->write(startOf(setup));
}

StationActs::~StationActs()
{
    m_writer->write({.what = ActKind::StationEnded, .at = utcNow(), .stationId = m_station});
}

std::shared_ptr<station::ActLog> StationActs::log() const
{
    return m_writer;
}

void StationActs::retry()
{
    if (m_fault) {
        m_writer->retry();
    }
}

} // namespace enroll::app::desktop
