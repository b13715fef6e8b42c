import { describe, expect, test } from '@jest/globals';
import { problemsOf } from './memory-files.ts';

const onContoso = { database: 'contoso' };

describe('statements that cannot be right', () => {
  test.each([
    ['USE master', '1:1 `USE master`'],
    ['SELECT 1 use [my ]] db]', '1:10 `USE my ] db`'],
    ['USE "other"', '1:1 `USE other`'],
    ['ALTER DATABASE CURRENT SET READ_ONLY', 'SET READ_ONLY'],
    ['alter database [contoso]\n  set READ_WRITE WITH ROLLBACK IMMEDIATE', 'SET READ_WRITE'],
    ['ALTER DATABASE x SET RECURSIVE_TRIGGERS ON, SINGLE_USER', 'SET SINGLE_USER'],
    ['ALTER DATABASE contoso REMOVE SECONDARY ON SERVER s', 'REMOVE SECONDARY'],
    ['ALTER DATABASE contoso ADD SECONDARY ON SERVER s', 'ADD SECONDARY'],
    ['ALTER DATABASE contoso FAILOVER', 'FAILOVER'],
    ['ALTER DATABASE contoso FORCE_FAILOVER_ALLOW_DATA_LOSS', 'FORCE_FAILOVER_ALLOW_DATA_LOSS'],
    ['ALTER DATABASE contoso MODIFY NAME = other', 'MODIFY'],
    ["ALTER DATABASE contoso MODIFY (SERVICE_OBJECTIVE = 'S3')", 'MODIFY'],
    ['ALTER DATABASE a SET COMPATIBILITY_LEVEL = 160 ALTER DATABASE a SET READ_ONLY', '1:48 '],
    ['DROP DATABASE IF EXISTS old', '`DROP DATABASE`'],
    ['CREATE DATABASE new', '`CREATE DATABASE`'],
    ['SET IMPLICIT_TRANSACTIONS ON', '`SET IMPLICIT_TRANSACTIONS ON`'],
    ['set ansi_nulls, implicit_transactions on', '`SET IMPLICIT_TRANSACTIONS ON`'],
    ['SET ANSI_DEFAULTS ON', '`SET ANSI_DEFAULTS ON`'],
  ])('%j', async (script, told) => {
    const problems = await problemsOf(script, onContoso);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(told);
  });

  test('seen as SQL Server will see it: variables replaced', async () => {
    expect(
      await problemsOf('SELECT 1\nGO\n\nUSE [$(db)];', { ...onContoso, variables: { db: 'master' } }),
    ).toEqual([expect.stringMatching(/^4:1 `USE master`/)]);
  });
});

describe('statements that are let through', () => {
  test.each([
    'USE contoso',
    'USE [CONTOSO];',
    "SELECT * FROM t OPTION (USE HINT ('DISABLE_OPTIMIZER_ROWGOAL'))",
    "SELECT * FROM t OPTION (USE PLAN N'<x/>')",
    'SELECT USER, CURRENT_USER, @use x, t.use_it FROM t',
    "PRINT 'USE master'",
    'SELECT 1 -- USE master',
    'SELECT [USE master] FROM t',
    'ALTER DATABASE SCOPED CONFIGURATION SET MAXDOP = 4',
    'ALTER DATABASE CURRENT SET COMPATIBILITY_LEVEL = 160',
    'ALTER DATABASE CURRENT SET QUERY_STORE (OPERATION_MODE = READ_WRITE)',
    'ALTER DATABASE CURRENT SET RECURSIVE_TRIGGERS ON SELECT a, READ_ONLY FROM t',
    "CREATE DATABASE SCOPED CREDENTIAL c WITH IDENTITY = N'i'",
    'DROP DATABASE AUDIT SPECIFICATION s',
    'GRANT CREATE TABLE, CREATE DATABASE TO someone',
    'SET IMPLICIT_TRANSACTIONS OFF',
    'SET ANSI_NULLS, QUOTED_IDENTIFIER ON',
    'CREATE PROCEDURE p AS SET IMPLICIT_TRANSACTIONS ON',
    'CREATE OR ALTER PROC p AS ALTER DATABASE CURRENT SET READ_ONLY',
  ])('%s', async (script) => {
    expect(await problemsOf(script, onContoso)).toEqual([]);
  });
});
