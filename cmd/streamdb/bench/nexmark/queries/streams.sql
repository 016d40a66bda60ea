-- The three tables of one event stream, with every column that the Nexmark project's have. With all_columns the generator makes each
-- column of every event, read or not, as a source of records would.
CREATE STREAM person (id BIGINT, name TEXT, email_address TEXT, credit_card TEXT, city TEXT, state TEXT, date_time TIMESTAMP(3),
    extra TEXT, WATERMARK FOR date_time AS date_time - INTERVAL '4 seconds')
  WITH (connector = 'nexmark', "table" = 'person', events = :events, rate = :rate, event_rate = :event_rate, all_columns = :all_columns);
CREATE STREAM auction (id BIGINT, item_name TEXT, description TEXT, initial_bid BIGINT, reserve BIGINT, date_time TIMESTAMP(3),
    expires TIMESTAMP(3), seller BIGINT, category BIGINT, extra TEXT, WATERMARK FOR date_time AS date_time - INTERVAL '4 seconds')
  WITH (connector = 'nexmark', "table" = 'auction', events = :events, rate = :rate, event_rate = :event_rate, all_columns = :all_columns);
CREATE STREAM bid (auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, date_time TIMESTAMP(3), extra TEXT,
    WATERMARK FOR date_time AS date_time - INTERVAL '4 seconds')
  WITH (connector = 'nexmark', "table" = 'bid', events = :events, rate = :rate, event_rate = :event_rate, all_columns = :all_columns);
