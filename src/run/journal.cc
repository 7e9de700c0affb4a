// SPDX-License-Identifier: GPL-3.0-or-later
#include "run/journal.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <map>
#include <utility>

#include "base/clock.h"
#include "base/disk.h"
#include "base/text.h"
#include "run/lease.h"

namespace reelmill {

namespace fs = std::filesystem;

namespace {

constexpr int format_version = 1;
constexpr double group_seconds = 0.25;

constexpr char const* tables = R"(
CREATE TABLE runs (id INTEGER PRIMARY KEY, fence INTEGER, host TEXT, pid INTEGER, started REAL, ended REAL, outcome TEXT);
CREATE TABLE attempts (id INTEGER PRIMARY KEY, run INTEGER REFERENCES runs, work TEXT, label TEXT, walk TEXT, started REAL,
                       ended REAL, outcome TEXT, kind TEXT, what TEXT, cpu_seconds REAL, peak_memory INTEGER);
CREATE TABLE units (key TEXT PRIMARY KEY, run INTEGER REFERENCES runs, attempt INTEGER REFERENCES attempts, at REAL) WITHOUT ROWID;
CREATE TABLE outputs (run INTEGER REFERENCES runs, path TEXT, export TEXT, bytes INTEGER, at REAL);
CREATE INDEX attempts_of_run ON attempts (run);
CREATE INDEX units_of_run ON units (run);
CREATE INDEX outputs_of_run ON outputs (run);
)";

ErrorKind kind_of(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return ErrorKind::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::lost;
    default:
      return ErrorKind::failed;
  }
}

bool is_damage(int code) { return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB; }

class Statement {
 public:
  Statement(sqlite3* database, char const* sql) { code_ = sqlite3_prepare_v2(database, sql, -1, &statement_, nullptr); }
  Statement(Statement const&) = delete;
  Statement& operator=(Statement const&) = delete;
  ~Statement() { sqlite3_finalize(statement_); }

  Statement& bind(std::integral auto number) {
    if (code_ == SQLITE_OK) code_ = sqlite3_bind_int64(statement_, ++bound_, static_cast<std::int64_t>(number));
    return *this;
  }
  Statement& bind(double number) {
    if (code_ == SQLITE_OK) code_ = sqlite3_bind_double(statement_, ++bound_, number);
    return *this;
  }
  Statement& bind(std::string_view text) {
    if (code_ == SQLITE_OK)
      code_ = sqlite3_bind_text(statement_, ++bound_, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    return *this;
  }
  // SQLITE_ROW, SQLITE_DONE or what went wrong.
  int step() { return code_ == SQLITE_OK ? sqlite3_step(statement_) : code_; }

  std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  double real(int column) const { return sqlite3_column_double(statement_, column); }
  std::string text(int column) const {
    auto const* const bytes = reinterpret_cast<char const*>(sqlite3_column_text(statement_, column));
    return bytes ? std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))) : std::string();
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
  int code_ = SQLITE_OK, bound_ = 0;
};

}  // namespace

struct Journal::Database {
  fs::path file;
  sqlite3* handle = nullptr;
  std::int64_t run = 0;
  double group_began = 0;  // 0: there is none
  std::map<std::string, std::int64_t> attempts;

  ~Database() { sqlite3_close(handle); }

  Error of_another_version() const {
    return Error{ErrorKind::failed, fmt::format("reading the journal '{}': another version of reelmill wrote it", file.string())};
  }
  Error error(int code) const {
    return {kind_of(code), fmt::format("keeping the journal '{}': {}", file.string(), sqlite3_errstr(code))};
  }
  // SQLITE_OK or what went wrong.
  int execute(char const* sql) { return sqlite3_exec(handle, sql, nullptr, nullptr, nullptr); }

  template <class... Values>
  Result<void> change(char const* sql, Values const&... values) {
    if (group_began == 0) {
      if (int const code = execute("BEGIN IMMEDIATE"); code != SQLITE_OK) return error(code);
      group_began = steady_seconds();
    }
    Statement statement(handle, sql);
    (statement.bind(values), ...);
    if (int const code = statement.step(); code != SQLITE_DONE) return error(code);
    return Done{};
  }

  int open(int flags) {
    int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    if (code != SQLITE_OK) return code;
    sqlite3_busy_timeout(handle, 2000);
    return execute("PRAGMA foreign_keys = ON");
  }

  std::int64_t version(int& code) {
    Statement statement(handle, "PRAGMA user_version");
    code = statement.step();
    if (code == SQLITE_ROW) code = SQLITE_OK;
    return code == SQLITE_OK ? statement.integer(0) : 0;
  }

  bool is_whole() {
    Statement statement(handle, "PRAGMA quick_check(1)");
    return statement.step() == SQLITE_ROW && statement.text(0) == "ok";
  }

  int prepare() {
    int code = open(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    if (code == SQLITE_OK) code = execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    return code;
  }

  void close_and_set_aside() {
    sqlite3_close(std::exchange(handle, nullptr));
    std::error_code ignored;
    for (auto const* part : {"-wal", "-shm"}) fs::remove(file.string() + part, ignored);
    fs::rename(file, file.string() + ".damaged", ignored);
  }
};

Journal::Journal(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() {
  if (database_) (void)commit().has_value();
}

std::string refusal_of(fs::path const& folder) {
  auto const kind = network_file_system(folder);
  if (!kind) return {};
  return fmt::format("'{}' lies on a file system of the network ({}); set REELMILL_STATE to a folder of this host",
                     folder.string(), *kind);
}

Result<Journal> Journal::read(fs::path const& file) {
  std::error_code failed;
  if (!fs::exists(file, failed))
    return Error{ErrorKind::missing, "looking for the project's journal: nothing was made here yet, or not on this host"};
  auto database = std::make_unique<Database>();
  database->file = file;
  int code = database->open(SQLITE_OPEN_READWRITE);
  if (code == SQLITE_OK && database->version(code) != format_version && code == SQLITE_OK) return database->of_another_version();
  if (code != SQLITE_OK) return database->error(code);
  return Journal(std::move(database));
}

namespace {
std::vector<std::pair<std::string, double>> units_in(fs::path const& cache) {
  std::vector<std::pair<std::string, double>> units;
  std::error_code failed;
  for (fs::directory_iterator group(cache, failed), end; !failed && group != end; group.increment(failed)) {
    if (group->path().filename().string().size() != 2) continue;
    std::error_code unreadable;
    for (fs::directory_iterator unit(group->path(), unreadable); !unreadable && unit != end; unit.increment(unreadable))
      if (auto const stamp = stamp_of(unit->path() / "result.json"))
        units.emplace_back(unit->path().filename().string(), static_cast<double>(stamp->mtime_ns) / 1e9);
  }
  return units;
}
}  // namespace

Result<Journal> Journal::write(fs::path const& file, fs::path const& cache, bool* was_damaged) {
  TRY(make_folders(file.parent_path()));
  auto database = std::make_unique<Database>();
  database->file = file;
  int code = database->prepare();
  auto version = code == SQLITE_OK ? database->version(code) : 0;
  if (code == SQLITE_OK && version != 0 && version != format_version) return database->of_another_version();
  if (is_damage(code) || (code == SQLITE_OK && version != 0 && !database->is_whole())) {
    if (was_damaged) *was_damaged = true;
    database->close_and_set_aside();
    version = 0;
    code = database->prepare();
  }
  if (code != SQLITE_OK) return database->error(code);
  Journal journal(std::move(database));
  auto& db = *journal.database_;
  if (version == 0) {
    auto const create = fmt::format("BEGIN IMMEDIATE; {} PRAGMA user_version = {}; COMMIT", tables, format_version);
    if (code = db.execute(create.c_str()); code != SQLITE_OK) return db.error(code);
    if (!cache.empty())
      for (auto const& [key, at] : units_in(cache))
        TRY(db.change("INSERT OR IGNORE INTO units VALUES (?, NULL, NULL, ?)", key, at));
  }
  TRY(db.change("UPDATE attempts SET outcome = 'lost' WHERE outcome = 'running'"));
  TRY(db.change("UPDATE runs SET outcome = 'killed' WHERE outcome = 'running'"));
  return journal;
}

Result<std::vector<JournalRun>> Journal::runs(int most) const {
  Statement statement(
      database_->handle,
      "SELECT id, fence, pid, host, outcome, started, ended, (SELECT count(*) FROM units WHERE run = runs.id), "
      "(SELECT count(*) FROM attempts WHERE run = runs.id), (SELECT count(*) FROM attempts WHERE run = runs.id AND kind "
      "IS NOT NULL), (SELECT count(*) FROM outputs WHERE run = runs.id) FROM runs ORDER BY id DESC LIMIT ?");
  statement.bind(most);
  std::vector<JournalRun> runs;
  int code = SQLITE_OK;
  while ((code = statement.step()) == SQLITE_ROW)
    runs.push_back({statement.integer(0), statement.integer(1), statement.integer(2), statement.text(3), statement.text(4),
                    statement.real(5), statement.real(6), statement.integer(7), statement.integer(8), statement.integer(9),
                    statement.integer(10)});
  if (code != SQLITE_DONE) return database_->error(code);
  return runs;
}

Result<std::vector<JournalAttempt>> Journal::attempts(std::int64_t run) const {
  Statement statement(
      database_->handle,
      "SELECT run, label, walk, outcome, kind, what, started, ended, cpu_seconds, peak_memory FROM attempts WHERE run = ? "
      "ORDER BY id");
  statement.bind(run);
  std::vector<JournalAttempt> attempts;
  int code = SQLITE_OK;
  while ((code = statement.step()) == SQLITE_ROW)
    attempts.push_back({statement.integer(0), statement.text(1), statement.text(2), statement.text(3), statement.text(4),
                        statement.text(5), statement.real(6), statement.real(7), statement.real(8), statement.integer(9)});
  if (code != SQLITE_DONE) return database_->error(code);
  return attempts;
}

Result<std::vector<std::string>> Journal::units() const {
  Statement statement(database_->handle, "SELECT key FROM units ORDER BY key");
  std::vector<std::string> keys;
  int code = SQLITE_OK;
  while ((code = statement.step()) == SQLITE_ROW) keys.push_back(statement.text(0));
  if (code != SQLITE_DONE) return database_->error(code);
  return keys;
}

Result<void> Journal::begin_run(double now, std::int64_t fence) {
  auto const us = LeaseHolder::here();
  TRY(database_->change("INSERT INTO runs (fence, host, pid, started, outcome) VALUES (?, ?, ?, ?, 'running')", fence, us.host,
                        us.pid, now));
  database_->run = sqlite3_last_insert_rowid(database_->handle);
  return commit();
}

Result<void> Journal::take(Event const& event) {
  auto& db = *database_;
  auto const attempt = [&](std::string const& work) {
    auto const found = db.attempts.find(work);
    return found == db.attempts.end() ? std::int64_t{0} : found->second;
  };
  if (auto const* it = std::get_if<StageStarted>(&event.what)) {
    TRY(db.change("INSERT INTO attempts (run, work, label, walk, started, outcome) VALUES (?, ?, ?, ?, ?, 'running')", db.run,
                  it->id, it->label, it->walk, event.time));
    db.attempts[it->id] = sqlite3_last_insert_rowid(db.handle);
  } else if (auto const* unit = std::get_if<UnitDone>(&event.what)) {
    TRY(db.change("INSERT OR REPLACE INTO units VALUES (?, ?, nullif(?, 0), ?)", unit->key, db.run, attempt(unit->id),
                  event.time));
  } else if (auto const* done = std::get_if<StageFinished>(&event.what)) {
    TRY(db.change("UPDATE attempts SET outcome = 'done', ended = ?, cpu_seconds = ?, peak_memory = ? WHERE id = ?", event.time,
                  done->cpu_seconds, done->peak_memory, attempt(done->id)));
  } else if (auto const* failed = std::get_if<AttemptFailed>(&event.what)) {
    TRY(db.change("UPDATE attempts SET outcome = ?, ended = ?, kind = ?, what = ? WHERE id = ?",
                  std::string_view(failed->will_retry ? "retried" : "failed"), event.time, name_of(failed->kind), failed->what,
                  attempt(failed->id)));
  } else if (auto const* output = std::get_if<OutputWritten>(&event.what)) {
    TRY(db.change("INSERT INTO outputs VALUES (?, ?, ?, ?, ?)", db.run, output->path, output->export_name, output->bytes,
                  event.time));
  } else if (auto const* ended = std::get_if<RunFinished>(&event.what)) {
    TRY(db.change("UPDATE runs SET outcome = ?, ended = ? WHERE id = ?", std::string_view(ended->ok ? "done" : "failed"),
                  event.time, db.run));
    return commit();
  }
  return db.group_began != 0 && steady_seconds() - db.group_began > group_seconds ? commit() : Result<void>();
}

Result<void> Journal::commit() {
  if (database_->group_began == 0) return Done{};
  database_->group_began = 0;
  if (int const code = database_->execute("COMMIT"); code != SQLITE_OK) {
    database_->execute("ROLLBACK");
    return database_->error(code);
  }
  return Done{};
}

JournalKeeper::JournalKeeper(Events& events, Result<fs::path> file, fs::path cache)
    : events_(events), file_(std::move(file)), cache_(std::move(cache)) {
  events_.subscribe([this](Event const& event) {
    if (has_given_up_) return;
    if (auto taken = take(event); !taken) {
      has_given_up_ = true;
      journal_.reset();
      events_.emit(
          Warning{{}, fmt::format("{}; this run is not in the journal, which changes nothing else", taken.error().what)});
    }
  });
}

JournalKeeper::~JournalKeeper() = default;

Result<void> JournalKeeper::open(Event const& event, std::int64_t fence) {
  auto const file = TRY(Result<fs::path>(file_));
  TRY(make_folders(file.parent_path()));
  if (auto const refusal = refusal_of(file.parent_path()); !refusal.empty())
    return Error{ErrorKind::missing, fmt::format("keeping the journal: {}", refusal)};
  bool was_damaged = false;
  journal_ = std::make_unique<Journal>(TRY(Journal::write(file, cache_, &was_damaged)));
  if (was_damaged)
    events_.emit(Warning{
        {}, fmt::format("the journal '{}' was damaged and is begun anew from the results; nothing is lost", file.string())});
  return journal_->begin_run(event.time, fence);
}

Result<void> JournalKeeper::take(Event const& event) {
  if (auto const* started = std::get_if<StageStarted>(&event.what); started && !journal_) TRY(open(event, started->fence));
  return journal_ ? journal_->take(event) : Result<void>();
}

}  // namespace reelmill
